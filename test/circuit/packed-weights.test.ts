import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { circuitTemplates } from '../../src/circuit/circom/templates.ts';
import { packWeights } from '../../src/circuit/packed-weights.ts';
import { compiledOnce } from '../support/made-once.ts';

const MOST = 2 ** 51;
const row = (length: number, weight: (t: number) => number) => Array.from({ length }, (_, t) => weight(t));

/** By what is special about them: rows of weights. */
const SHAPES: Readonly<Record<string, number[][]>> = {
  'both signs': [
    [-3, 5, 0, 7, -1],
    [2, -8, 7, 0, 1],
  ],
  'a row of zeros': [
    [0, 0, 0, 0],
    [1, -1, 2, 0],
  ],
  'nothing but zeros': [[0, 0, 0]],
  'one weight for all': [row(6, () => -7)],
  'a copy': [[1]],
  extremes: [row(9, (t) => [MOST, -MOST, 0, 1 - MOST][t % 4]!)],
  'several literals': [row(61, (t) => ((t * 89) % 256) - 128), row(61, (t) => (t % 2 === 0 ? 127 : -128))],
};

/** One component per shape: instances of Linear, or sums of the same weights written out. */
function source(instance: (weights: number[][]) => string, header: string): string {
  const shapes = Object.values(SHAPES);
  const body = shapes.flatMap((weights, k) => [
    `    component shape${k} = ${instance(weights)};`,
    `    for (var t = 0; t < ${weights[0]!.length}; t++) { shape${k}.in[t] <== in[t]; }`,
    `    signal output out${k}[${weights.length}];`,
    `    for (var r = 0; r < ${weights.length}; r++) { out${k}[r] <== shape${k}.out[r]; }`,
  ]);
  const longest = Math.max(...shapes.map((weights) => weights[0]!.length));
  return [
    'pragma circom 2.2.0;',
    header,
    'template Model() {',
    `    signal input in[${longest}];`,
    ...body,
    '}',
    'component main = Model();',
    '',
  ].join('\n');
}

function packed(weights: number[][]): string {
  const { literals, digitBits, least } = packWeights(weights);
  const zeros = JSON.stringify(weights.map(() => 0));
  const text = `[${literals.map((own) => `[${own.join(',')}]`).join(',')}]`;
  return `Linear(${weights.length}, ${weights[0]!.length}, ${text}, ${digitBits}, ${least}, 0, [${zeros}], ${zeros})`;
}

const PLAIN = `
template Plain(rows, taps, weights) {
    signal input in[taps];
    signal output out[rows];
    for (var r = 0; r < rows; r++) {
        var sum = 0;
        for (var t = 0; t < taps; t++) {
            sum += weights[r][t] * in[t];
        }
        out[r] <== sum;
    }
}`;

describe('packed weights', () => {
  it('give the r1cs of the same weights written one by one', async () => {
    const plain = (weights: number[][]) =>
      `Plain(${weights.length}, ${weights[0]!.length}, ${JSON.stringify(weights)})`;
    const texts = [source(packed, 'include "linear.circom";'), source(plain, PLAIN)];
    const templates = await circuitTemplates();
    const [one, other] = await Promise.all(
      texts.map(async (text) => readFile((await compiledOnce(text, templates, false)).r1csPath)),
    );
    expect(one!.equals(other!)).toBe(true);
  });

  it.each(Object.entries(SHAPES))('are literals below 2^253: %s', (_, weights) => {
    const { literals, digitBits, least } = packWeights(weights);
    const perLiteral = 4 * Math.floor(253 / (4 * digitBits));
    const read = literals.map((own) =>
      own.flatMap((literal) => {
        expect(BigInt(literal) < 2n ** 253n).toBe(true);
        const digit = (j: number) =>
          (BigInt(literal) >> BigInt(digitBits * j)) & (2n ** BigInt(digitBits) - 1n);
        return Array.from({ length: perLiteral }, (__, j) => Number(digit(j)) + least);
      }),
    );
    expect(read.map((own) => own.slice(0, weights[0]!.length))).toEqual(weights);
  });

  it('take a literal for 28 weights of 8 bits', () => {
    const [literals] = packWeights([row(784, (t) => (t % 256) - 128)]).literals;
    expect(literals).toHaveLength(28);
  });
});
