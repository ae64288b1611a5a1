import { digestTag, inputDigest, packValues } from '@quietproof/verify';
import { buildPoseidon } from 'circomlibjs';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { circuitCost } from '../../../src/circuit/circuit-cost.ts';
import { deriveCircuit } from '../../../src/circuit/derive-circuit.ts';
import { digestCost, planDigest } from '../../../src/circuit/digest/digest-plan.ts';
import { witnessCalculator } from '../../../src/circuit/witness-calculator.ts';
import { planWitness } from '../../../src/circuit/witness-plan.ts';
import { pseudoRandom } from '../../../src/data/pseudo-random.ts';
import { readElement, SCALAR_FIELD } from '../../../src/field/bn254.ts';
import type { IntegerGraph } from '../../../src/integer/integer-graph.ts';
import { bitOf, declaredSources, slotOf } from '../../../src/integer/wire-source.ts';
import { type CompiledTemplate, compileTemplate, quiet } from '../support/compile-template.ts';
import { integerBetween, TEST_GRAPHS } from '../support/graphs.ts';

const SALT = 0x0123456789abcdef0fedcba987654321n;

function maxOf(widths: readonly number[]): Float64Array {
  return Float64Array.from(widths, (bits) => 2 ** bits - 1);
}

/** A circuit that computes only the digest of a row of `widths`, wired as in generated circuits. */
function circuitOf(widths: readonly number[]): Promise<CompiledTemplate> {
  const { includes, declaration } = planDigest(maxOf(widths));
  const n = widths.length;
  return compileTemplate(`${includes.map((file) => `include "${file}";`).join('\n')}
template Model() {
    signal input in[${n}];
    signal input salt;
    signal output inputDigest;
    ${declaration}
    for (var i = 0; i < ${n}; i++) {
        digest.in[i] <== in[i];
    }
    digest.salt <== salt;
    inputDigest <== digest.out;
}
component main = Model();`);
}

function rowOf(widths: readonly number[], seed: number): number[] {
  const random = pseudoRandom(seed);
  return widths.map((bits) => integerBetween(random, 0, 2 ** bits - 1));
}

const repeat = (bits: number, count: number) => new Array<number>(count).fill(bits);

/** [name, widths, constraints]: range checks + packed elements + permutations */
const CASES: readonly (readonly [string, readonly number[], number])[] = [
  ['one bit', [1], 1 + 0 + 262],
  ['one value', [53], 54 + 0 + 262],
  [
    'values of mixed widths over two elements',
    [1, 8, 3, 1, ...repeat(51, 4), 40, 53],
    1 + 9 + 4 + 1 + 208 + 41 + 54 + 2 + 298,
  ],
  ['a full first chunk and nothing after it', repeat(8, 14 * 31), 14 * 31 * 9 + 14 + 610],
  ['a second chunk of one value', [...repeat(8, 14 * 31), 8], (14 * 31 + 1) * 9 + 14 + 610 + 241],
  ['MNIST', repeat(8, 784), 784 * 9 + 26 + 610 + 544],
];

describe.each(CASES)('InputDigest of %s', (_, widths, constraints) => {
  let circuit: CompiledTemplate;
  beforeAll(async () => {
    circuit = await circuitOf(widths);
  });

  it('costs what is predicted', () => {
    expect(circuit.constraintCount).toBe(constraints);
    expect(digestCost(maxOf(widths))).toBe(constraints);
  });

  it("is the verifier's digest, wire by wire the plan's witness", async () => {
    const rows = [rowOf(widths, 1), widths.map(() => 0), Array.from(maxOf(widths))];
    for (const row of rows) {
      const witness = await circuit.calculate({ in: row, salt: SALT });
      expect(circuit.violated(witness)).toEqual([]);
      expect(witness[circuit.wireOf('inputDigest')]).toBe(inputDigest(row, widths, SALT));
      expect(plannedWitness(circuit, widths, row)).toEqual(witness);
    }
  });

  it('leaves no wire open', () => {
    expect(circuit.undetermined()).toEqual([]);
  });
});

describe('InputDigest', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("equals circomlib's Poseidon, chained over the same packed values", async () => {
    const poseidon = await buildPoseidon();
    const hash = (inputs: readonly bigint[]) => poseidon.F.toObject(poseidon(inputs));
    const widths = repeat(8, 784);
    const row = rowOf(widths, 3);
    const elements = [SALT, ...packValues(row, widths)];
    expect(elements).toHaveLength(27);
    const first = hash([digestTag(widths), ...elements.slice(0, 15)]);
    const fields = planDigest(maxOf(widths)).fields(row, SALT);
    expect(fields.at(-1)).toBe(hash([first, ...elements.slice(15)]));
  });

  it('depends on the salt, and nothing else does', () => {
    const widths = repeat(8, 20);
    const plan = planDigest(maxOf(widths));
    const row = rowOf(widths, 4);
    const [one, two] = [plan.fields(row, 1n), plan.fields(row, 2n)];
    expect(one.at(-1)).not.toBe(two.at(-1));
    expect([...plan.fields(row, 1n)]).toEqual(one);
    // Entries 0 and 1 are the salt and the first element, which is the salt too; the packed values follow.
    expect(one.slice(2, 2 + packValues(row, widths).length)).toEqual(packValues(row, widths));
    expect(two.slice(2, 2 + packValues(row, widths).length)).toEqual(packValues(row, widths));
  });

  it('refuses values out of range, however the bits are forged', async () => {
    const widths = [4, 1, 4];
    const circuit = await circuitOf(widths);
    quiet();
    await expect(circuit.calculate({ in: [16, 0, 0], salt: 0n })).rejects.toThrow(/Assert Failed/);
    await expect(circuit.calculate({ in: [0, 2, 0], salt: 0n })).rejects.toThrow(/Assert Failed/);
    // A row with the same packed element, 16 + 0·16 = 0 + 1·16: the digest is the same, the range checks refuse it.
    const honest = await circuit.calculate({ in: [0, 1, 0], salt: SALT });
    const forged = { 'in[0]': 16n, 'in[1]': 0n };
    expect(circuit.forged(honest, forged)).toHaveLength(1);
    expect(circuit.forged(honest, { ...forged, 'digest.range[0].bit[3]': 2n })).toHaveLength(1);
    const beyond = { 'in[0]': 0n, 'in[1]': 17n, 'in[2]': SCALAR_FIELD - 1n };
    expect(circuit.forged(honest, beyond).length).toBeGreaterThan(0);
  });

  it('refuses a change of any one wire', async () => {
    const widths = [...repeat(8, 33), 1, 1];
    const circuit = await circuitOf(widths);
    const honest = await circuit.calculate({ in: rowOf(widths, 5), salt: SALT });
    const signals = circuit.signals(/./).filter((signal) => circuit.wireOf(signal) >= 0);
    const wires = new Set(signals.map((signal) => circuit.wireOf(signal)));
    expect(wires.size).toBe(circuit.wireCount - 1);
    for (const signal of signals) {
      const value = honest[circuit.wireOf(signal)]!;
      for (const forged of [(value + 1n) % SCALAR_FIELD, value === 0n ? SCALAR_FIELD - 1n : 0n]) {
        expect(circuit.forged(honest, { [signal]: forged }).length, signal).toBeGreaterThan(0);
      }
    }
  });

  it('needs ranges of whole bits', () => {
    expect(() => planDigest(Float64Array.of(200))).toThrow(RangeError);
    expect(() => planDigest(Float64Array.of(0))).toThrow(RangeError);
  });
});

describe('a whole circuit with the digest of its input', () => {
  it("has the executor's witness, wire by wire circom's own; no wire is open", async () => {
    const { maker, graph: open } = TEST_GRAPHS['dense, ReLU, argmax']!();
    const graph: IntegerGraph = { ...open, statement: { ...open.statement, input: 'digest' } };
    const circuit = deriveCircuit(graph);
    const compiled = await compileTemplate(circuit.source.replace(/^pragma .*$/m, ''));
    expect(compiled.constraintCount).toBe(circuitCost(graph).constraints);
    expect(compiled.undetermined()).toEqual([]);
    const plan = planWitness(circuit.sources, compiled.sym, compiled.wireCount);
    const calculator = witnessCalculator(circuit, plan);
    for (const row of maker.rows(6)) {
      const { witness, publicSignals } = calculator.calculate(row, SALT, 77n);
      const inputs = { in: Array.from(row), salt: SALT, context: 77n };
      const theirs = await compiled.calculate(inputs);
      expect(theirs.map((_, wire) => readElement(witness, 32 * wire))).toEqual(theirs);
      expect(publicSignals).toEqual([theirs[1], inputDigest(Array.from(row), [4, 4, 4, 4, 8], SALT), 77n]);
    }
  });
});

/** Every wire of the circuit, from the plan's sources and field elements alone. */
function plannedWitness(
  circuit: CompiledTemplate,
  widths: readonly number[],
  row: readonly number[],
): bigint[] {
  const plan = planDigest(maxOf(widths));
  const values = [...row.map(BigInt), ...plan.fields(row, SALT)];
  const witness = new Array<bigint>(circuit.wireCount);
  witness[0] = 1n;
  row.forEach((value, i) => {
    witness[circuit.wireOf(`in[${i}]`)] = BigInt(value);
  });
  const sources = declaredSources(plan.signals(row.length));
  for (const signal of circuit.signals(/^(salt|inputDigest|digest\..*)$/)) {
    const [, name, index] = /^(.*?)(?:\[(\d+)\])?$/.exec(signal)!;
    const source = sources.get(name!)?.[Number(index ?? 0)];
    if (source === undefined) continue;
    const value = values[slotOf(source)]!;
    const bit = bitOf(source);
    witness[circuit.wireOf(signal)] = bit === undefined ? value : (value >> BigInt(bit)) & 1n;
  }
  return witness;
}
