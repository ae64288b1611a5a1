import { readers } from '@quietproof/verify';
import { objectOf } from '../data/json-object.ts';
import { ZERO } from '../graph/float-graph.ts';
import { EXACT_LIMIT, rangeBits, tooWide } from './bounds.ts';
import type { IntegerBlock, IntegerDiagonal, IntegerLinear } from './integer-graph.ts';
import { areReadable, type Ensure } from './invariants.ts';
import { JointSums } from './joint-sums.ts';
import { integers, readIds, readIntegers } from './json-form.ts';
import type { Primitive } from './primitive.ts';

const { integer, list } = readers;

const readBlock = objectOf<IntegerBlock>(
  { rows: integer(1), positions: integer(1), taps: integer(1), weights: readIntegers, gather: readIds },
  {},
);
const readDiagonal = objectOf<IntegerDiagonal>({ weights: readIntegers, source: readIds }, {});

const auxiliaries = {} as const;

/**
 * Affine with constant weights: an expression, free of constraints (circuits/linear.circom, linear-requantize.circom).
 */
export const linear: Primitive<IntegerLinear, typeof auxiliaries> = {
  op: 'linear',
  template: { name: 'Linear', file: 'linear.circom' },
  auxiliaries,

  sources: ({ blocks, diagonals }) => [
    ...blocks.map((block) => block.gather),
    ...diagonals.map((diagonal) => diagonal.source),
  ],

  check: checkLinear,

  writeJson: ({ blocks, diagonals, bias }) => ({
    blocks: blocks.map(({ rows, positions, taps, weights, gather }) => ({
      rows,
      positions,
      taps,
      weights: integers(weights),
      gather: integers(gather),
    })),
    diagonals: diagonals.map(({ weights, source }) => ({
      weights: integers(weights),
      source: integers(source),
    })),
    bias: integers(bias),
  }),

  fields: { blocks: list(readBlock), diagonals: list(readDiagonal), bias: readIntegers },

  bound(node, bounds) {
    const { lo, hi } = bounds;
    lo.set(node.bias, node.first);
    hi.set(node.bias, node.first);
    const magnitude = node.bias.map(Math.abs);
    const sums = new JointSums(bounds);
    let start = 0;
    for (const block of node.blocks) {
      boundBlock(block, sums, node.first + start, magnitude.subarray(start));
      start += block.rows * block.positions;
    }
    for (const { weights, source } of node.diagonals) {
      for (let i = 0; i < node.count; i += 1) {
        magnitude[i]! += sums.add(node.first + i, weights[i]!, source[i]!);
      }
    }
    sums.finish();
    // Partial sums must be exact too, whatever the order of summation.
    if (magnitude.some((sum) => sum > EXACT_LIMIT)) throw tooWide(node.name);
  },

  execute(node, values) {
    values.set(node.bias, node.first);
    let start = node.first;
    for (const block of node.blocks) {
      executeBlock(block, values, start);
      start += block.rows * block.positions;
    }
    for (const { weights, source } of node.diagonals) {
      for (let i = 0; i < node.count; i += 1) {
        const id = source[i]!;
        if (id !== ZERO) values[node.first + i]! += weights[i]! * values[id]!;
      }
    }
  },

  auxiliary: () => undefined,
  widestBits: rangeBits,
  calibrated: () => ({}),
};

function checkLinear(node: IntegerLinear, ensure: Ensure): void {
  const outputs = node.blocks.reduce((sum, block) => sum + block.rows * block.positions, 0);
  ensure(node.blocks.length === 0 || outputs === node.count, 'blocks cover the outputs');
  ensure(node.bias.length === node.count && node.bias.every(Number.isSafeInteger), 'integer biases');
  for (const { rows, positions, taps, weights, gather } of node.blocks) {
    ensure(weights.length === rows * taps && gather.length === positions * taps, 'block shapes');
    ensure(weights.every(Number.isSafeInteger) && areReadable(gather, node.first), 'block entries');
  }
  for (const { weights, source } of node.diagonals) {
    ensure(weights.length === node.count && source.length === node.count, 'diagonal shapes');
    ensure(weights.every(Number.isSafeInteger) && areReadable(source, node.first), 'diagonal entries');
  }
}

function boundBlock(block: IntegerBlock, sums: JointSums, start: number, magnitude: Float64Array): void {
  const { rows, positions, taps, weights, gather } = block;
  for (let row = 0; row < rows; row += 1) {
    for (let position = 0; position < positions; position += 1) {
      const output = row * positions + position;
      for (let tap = 0; tap < taps; tap += 1) {
        const weight = weights[row * taps + tap]!;
        magnitude[output]! += sums.add(start + output, weight, gather[position * taps + tap]!);
      }
    }
  }
}

function executeBlock(block: IntegerBlock, values: Float64Array, start: number): void {
  const { rows, positions, taps, weights, gather } = block;
  // Trees have hundreds of sums of two terms: memory for each would cost more than the sum.
  if (rows === 1) {
    executeRow(block, values, start);
    return;
  }
  const window = new Float64Array(taps);
  for (let position = 0; position < positions; position += 1) {
    for (let tap = 0; tap < taps; tap += 1) {
      const id = gather[position * taps + tap]!;
      window[tap] = id === ZERO ? 0 : values[id]!;
    }
    for (let row = 0; row < rows; row += 1) {
      const at = row * taps;
      let sum = 0;
      for (let tap = 0; tap < taps; tap += 1) sum += weights[at + tap]! * window[tap]!;
      values[start + row * positions + position]! += sum;
    }
  }
}

function executeRow(
  { positions, taps, weights, gather }: IntegerBlock,
  values: Float64Array,
  start: number,
): void {
  for (let position = 0; position < positions; position += 1) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      const id = gather[position * taps + tap]!;
      if (id !== ZERO) sum += weights[tap]! * values[id]!;
    }
    values[start + position]! += sum;
  }
}
