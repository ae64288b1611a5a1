import { QuietproofError } from '../errors/quietproof-error.ts';
import { SCALAR_FIELD } from '../field/bn254.ts';
import { executeInteger, valueCount } from '../integer/execute.ts';
import { publicSignalCount, statementFields } from '../integer/statement.ts';
import { type SignalSources, slotOf } from '../integer/wire-source.ts';
import type { DerivedCircuit } from './derive-circuit.ts';
import { type WitnessPlan, writeWitness } from './witness-plan.ts';

/** Computes witnesses with the integer executor, without circom's code. Field arithmetic is needed only for digests. */
export interface WitnessCalculator {
  readonly publicCount: number;
  readonly wireCount: number;
  /**
   * @param integers one encoded row, each within its range
   * @param salt 128 random bits; null if the input mode takes none
   * @param context the context's public signal
   */
  calculate(integers: ArrayLike<number>, salt: bigint | null, context: bigint): Witness;
}

export interface Witness {
  /** `wireCount × 32` bytes, little-endian field elements. */
  readonly witness: Uint8Array;
  readonly publicSignals: bigint[];
}

export interface CalculatorOptions {
  /** Write each witness over the previous one: only for callers who are done with it by then. Default false. */
  readonly reuse?: boolean;
}

/** A calculator for a compiled circuit and its witness plan. */
export function witnessCalculator(
  circuit: DerivedCircuit,
  plan: WitnessPlan,
  { reuse = false }: CalculatorOptions = {},
): WitnessCalculator {
  const { graph, input } = circuit;
  const values = new Float64Array(valueCount(graph));
  let words: Uint32Array<ArrayBuffer> | undefined;
  const publicCount = publicSignalCount(graph);
  return {
    publicCount,
    wireCount: plan.length,
    calculate(integers, salt, context) {
      requireRow(integers, graph.input.max);
      executeInteger(graph, integers, values);
      const trace = circuit.plan.layout.traceOf(values);
      const fields = statementFields({
        context,
        contextSquared: (context * context) % SCALAR_FIELD,
        input: input.fields(integers, salt),
      });
      const witness = writeWitness(plan, trace, fields, words);
      if (reuse) words = new Uint32Array(witness.buffer);
      return { witness, publicSignals: readSignals(witness, publicCount) };
    },
  };
}

/** The plan as file content: one 32-bit little-endian word per wire. */
export function encodeWitnessPlan(plan: WitnessPlan): Uint8Array {
  const bytes = new Uint8Array(plan.length * 4);
  const view = new DataView(bytes.buffer);
  plan.forEach((source, wire) => {
    view.setUint32(wire * 4, source, true);
  });
  return bytes;
}

/**
 * Reads a plan, and checks that it fits the circuit: it names only numbers that a trace holds, and has wires for all
 * public signals.
 *
 * @throws QuietproofError QP4605
 */
export function decodeWitnessPlan(bytes: Uint8Array, { graph, sources }: DerivedCircuit): WitnessPlan {
  const refuse = (what: string) =>
    new QuietproofError('QP4605', {
      what: `The witness plan does not fit the circuit: ${what}`,
      fix: 'Run `quietproof compile` again',
    });
  if (bytes.byteLength % 4 !== 0) throw refuse(`${bytes.byteLength} bytes are not a whole number of wires`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const plan = new Uint32Array(bytes.byteLength / 4);
  const needed = publicSignalCount(graph) + 1;
  if (plan.length < needed) throw refuse(`it has ${plan.length} wires instead of at least ${needed}`);
  const slots = slotCount(sources);
  for (let wire = 0; wire < plan.length; wire += 1) {
    plan[wire] = view.getUint32(wire * 4, true);
    if (slotOf(plan[wire]!) >= slots) throw refuse(`wire ${wire} has no number in a row's trace`);
  }
  return plan;
}

function slotCount(sources: SignalSources): number {
  let count = 0;
  for (const wires of sources.values()) {
    for (const source of wires) count = Math.max(count, slotOf(source) + 1);
  }
  return count;
}

/** Refuses a row out of range: its witness would violate the constraints, or state something else. */
function requireRow(integers: ArrayLike<number>, max: Float64Array): void {
  if (integers.length !== max.length)
    throw new RangeError(`${integers.length} integers for ${max.length} inputs`);
  for (let i = 0; i < max.length; i += 1) {
    const value = integers[i]!;
    if (!(Number.isInteger(value) && value >= 0 && value <= max[i]!)) {
      throw new RangeError(`input ${i} is ${value}, outside 0 … ${max[i]}`);
    }
  }
}

/** Wires 1 … count. Most are small, so leading zero words are skipped. */
function readSignals(witness: Uint8Array, count: number): bigint[] {
  const words = new DataView(witness.buffer, witness.byteOffset, witness.byteLength);
  return Array.from({ length: count }, (_, i) => {
    let value = 0n;
    for (let word = 7; word >= 0; word -= 1) {
      const part = words.getUint32((i + 1) * 32 + word * 4, true);
      if (value !== 0n || part !== 0) value = (value << 32n) | BigInt(part);
    }
    return value;
  });
}
