import type { R1cs } from '../formats/r1cs.ts';
import { readSym } from './circom/sym-file.ts';
import type { DerivedCircuit } from './derive-circuit.ts';
import { bitOf, slotOf, type WireSource } from './wire-source.ts';

/** The parts of a circuit that are no layers: range checks and hashing of the input, and the context's square. */
export const DIGEST_PART = 'digest';
export const CONTEXT_PART = 'context';

/**
 * Counts the constraints of a compiled circuit by the part they belong to. A constraint belongs to the last part whose
 * wires it reads, since layers read only what stands before them; a wire that several layers share (circom merges
 * equal signals) belongs to the first of them.
 *
 * @returns by part, those with at least one constraint: a node's name, or one of the parts above
 */
export function constraintsByLayer(
  circuit: DerivedCircuit,
  r1cs: R1cs,
  symText: string,
): Map<string, number> {
  const parts = [INPUT, ...circuit.graph.nodes.map(({ name }) => name), DIGEST_PART, CONTEXT_PART];
  const partOf = partOfWires(circuit, symText, r1cs.nWires);
  const counts = new Uint32Array(parts.length);
  for (let row = 0; row < r1cs.nConstraints; row += 1) {
    let last = 0;
    for (const { wire, rowStart } of [r1cs.a, r1cs.b, r1cs.c]) {
      for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
        last = Math.max(last, partOf[wire[at]!]!);
      }
    }
    // Only the range check of a one-bit input reads nothing but an input.
    counts[last === 0 ? parts.length - 2 : last]! += 1;
  }
  const byPart = new Map<string, number>();
  parts.forEach((part, k) => {
    if (counts[k]! > 0) byPart.set(part, (byPart.get(part) ?? 0) + counts[k]!);
  });
  return byPart;
}

const INPUT = 'input';

/** By wire: the index of its part; 0 for inputs and the constant. */
function partOfWires(circuit: DerivedCircuit, symText: string, wireCount: number): Uint32Array {
  const partOfSource = partsOfSources(circuit);
  const parts = new Uint32Array(wireCount).fill(UNKNOWN);
  readSym(symText, (wire, name) => {
    // `digest.permutation[0].out` has brackets, but no index of its own.
    const bracket = name.endsWith(']') ? name.lastIndexOf('[') : -1;
    const base = name.slice('main.'.length, bracket === -1 ? undefined : bracket);
    const source = circuit.sources.get(base)?.[bracket === -1 ? 0 : Number(name.slice(bracket + 1, -1))];
    if (source !== undefined) parts[wire] = Math.min(parts[wire]!, partOfSource(base, source));
  });
  parts[0] = 0;
  return parts;
}

const UNKNOWN = 2 ** 32 - 1;

function partsOfSources({ graph, plan }: DerivedCircuit): (name: string, source: WireSource) => number {
  const partOfSlot = new Uint32Array(plan.integerSlots);
  graph.nodes.forEach(({ first, count }, k) => {
    const { slot, auxiliary } = plan.auxiliaries[k]!;
    partOfSlot.fill(k + 1, first, first + count);
    partOfSlot.fill(k + 1, slot, slot + auxiliary.count);
  });
  const [digest, context] = [graph.nodes.length + 1, graph.nodes.length + 2];
  return (name, source) => {
    const slot = slotOf(source);
    if (slot >= plan.integerSlots) return name.startsWith('context') ? context : digest;
    return slot < graph.input.count && bitOf(source) !== undefined ? digest : partOfSlot[slot]!;
  };
}
