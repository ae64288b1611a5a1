import { QuietproofError } from '../errors/quietproof-error.ts';
import { readSym } from '../formats/sym-file.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { OUTPUT_SIGNALS } from '../integer/statement.ts';
import {
  bitOf,
  type SignalSources,
  slotOf,
  sourceOfSignal,
  type WireSource,
  wholeSlot,
} from '../integer/wire-source.ts';
import type { CircuitPlan } from './circuit-plan.ts';
import { groupsOf } from './layer.ts';
import { layerSignals } from './layer-signals.ts';

/** By wire of the r1cs: where the executor's trace holds its value. Wire 0 is the constant 1 and has source 0. */
export type WitnessPlan = Uint32Array;

/**
 * Finds the source of every wire of the compiled circuit in the trace, by the names in circom's `.sym` file.
 *
 * @throws QuietproofError QP4101 if a wire has no known source: circuit and executor disagree
 */
export function planWitness(sources: SignalSources, symText: string, wireCount: number): WitnessPlan {
  const plan = new Uint32Array(wireCount);
  const known = new Uint8Array(wireCount);
  known[0] = 1;
  const unnamed = new Map<number, string>();
  readSym(symText, (wire, name) => {
    if (known[wire] === 1) return;
    const source = sourceOfSignal(sources, name);
    if (source === undefined) unnamed.set(wire, name);
    else {
      plan[wire] = source;
      known[wire] = 1;
    }
  });
  const missing = known.indexOf(0);
  if (missing !== -1) {
    throw new QuietproofError('QP4101', {
      where: `wire ${missing}, signal "${unnamed.get(missing) ?? 'unknown'}"`,
    });
  }
  return plan;
}

/** Sources of values, auxiliaries and public outputs; the caller adds those of the input mode and the context. */
export function integerSources(
  plan: CircuitPlan,
  graph: { input: { count: number }; statement: Pick<IntegerGraph['statement'], 'output' | 'outputs'> },
): Map<string, readonly WireSource[]> {
  const sources = new Map<string, readonly WireSource[]>();
  sources.set(
    'in',
    Array.from({ length: graph.input.count }, (_, id) => wholeSlot(id)),
  );
  sources.set(OUTPUT_SIGNALS[graph.statement.output], Array.from(graph.statement.outputs, wholeSlot));
  for (const layer of plan.layers) {
    const count = layer.positions * layer.outputs;
    sources.set(
      `${layer.name}_out`,
      Array.from({ length: count }, (_, i) => wholeSlot(layer.outputFirst + i)),
    );
    for (const { name, positions } of groupsOf(layer, layer.instances())) {
      positions.forEach((position, k) => {
        for (const [signal, wires] of layerSignals(layer, position, plan.layout)) {
          sources.set(`${name}[${k}].${signal}`, wires);
        }
      });
    }
  }
  return sources;
}

/** 32-bit words per field element. */
const WORDS = 8;

/**
 * Writes a witness: `wires × 32` bytes, little-endian field elements.
 *
 * @param integers non-negative integers below 2^53, by slot
 * @param fields   field elements, by slot after the integers
 * @param words    memory of an earlier witness with this plan, to be overwritten; new memory by default
 */
export function writeWitness(
  plan: WitnessPlan,
  integers: Float64Array,
  fields: readonly bigint[],
  words: Uint32Array<ArrayBuffer> = new Uint32Array(plan.length * WORDS),
): Uint8Array<ArrayBuffer> {
  const low = new Uint32Array(integers.length);
  const high = new Uint32Array(integers.length);
  for (let slot = 0; slot < integers.length; slot += 1) {
    const value = integers[slot]!;
    low[slot] = value % 2 ** 32;
    high[slot] = value / 2 ** 32;
  }
  words[0] = 1;
  for (let wire = 1; wire < plan.length; wire += 1) {
    const source = plan[wire]!;
    const slot = slotOf(source);
    const bit = bitOf(source);
    const at = wire * WORDS;
    if (slot >= integers.length) writeField(words, at, fields[slot - integers.length]!);
    else if (bit === undefined) {
      words[at] = low[slot]!;
      words[at + 1] = high[slot]!;
    } else words[at] = bit < 32 ? (low[slot]! >>> bit) & 1 : (high[slot]! >>> (bit - 32)) & 1;
  }
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function writeField(words: Uint32Array, at: number, value: bigint): void {
  let rest = value;
  for (let k = 0; k < WORDS; k += 1) {
    words[at + k] = Number(rest & 0xffffffffn);
    rest >>= 32n;
  }
}
