import type { R1cs } from '../formats/r1cs.ts';
import { readSym } from '../formats/sym-file.ts';
import { bitOf, slotOf, sourceOfSignal, type WireSource } from '../integer/wire-source.ts';
import type { DerivedCircuit } from './derive-circuit.ts';

/** The parts of a circuit that are not layers: the input mode's (range checks, hashing), and the context's. */
export const INPUT_PART = 'input';
export const CONTEXT_PART = 'context';

/**
 * Counts the constraints of a compiled circuit per part. Layers read only earlier layers, so a constraint belongs to
 * the last part whose wires it reads. A wire that several layers share (circom merges equal signals) belongs to the
 * first of them.
 *
 * @returns number of constraints by part (a node's name, or one of the parts above); parts without any are left out
 */
export function constraintsByLayer(
  circuit: DerivedCircuit,
  r1cs: R1cs,
  symText: string,
): Map<string, number> {
  const parts = [INPUT_PART, ...circuit.graph.nodes.map(({ name }) => name), INPUT_PART, CONTEXT_PART];
  const partOf = partOfWires(circuit, symText, r1cs.nWires);
  const counts = new Uint32Array(parts.length);
  for (let row = 0; row < r1cs.nConstraints; row += 1) {
    let last = 0;
    for (const { wire, rowStart } of [r1cs.a, r1cs.b, r1cs.c]) {
      for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
        last = Math.max(last, partOf[wire[at]!]!);
      }
    }
    // Part 0 is the input's: the range check of a one-bit input reads only that input.
    counts[last]! += 1;
  }
  const byPart = new Map<string, number>();
  parts.forEach((part, k) => {
    if (counts[k]! > 0) byPart.set(part, (byPart.get(part) ?? 0) + counts[k]!);
  });
  return byPart;
}

/** By wire: index of its part; 0 for inputs and the constant. */
function partOfWires(circuit: DerivedCircuit, symText: string, wireCount: number): Uint32Array {
  const partOfSource = partsOfSources(circuit);
  const parts = new Uint32Array(wireCount).fill(UNKNOWN);
  readSym(symText, (wire, name) => {
    const source = sourceOfSignal(circuit.sources, name);
    if (source !== undefined) parts[wire] = Math.min(parts[wire]!, partOfSource(name, source));
  });
  parts[0] = 0;
  return parts;
}

const UNKNOWN = 2 ** 32 - 1;

function partsOfSources(circuit: DerivedCircuit): (name: string, source: WireSource) => number {
  const { graph, plan } = circuit;
  const { layout } = plan;
  const partOfSlot = new Uint32Array(layout.end);
  graph.nodes.forEach(({ first, count }, k) => {
    for (let id = first; id < first + count; id += 1) {
      partOfSlot[id] = k + 1;
      for (const { slot } of layout.auxiliariesOf(id)) partOfSlot[slot] = k + 1;
    }
  });
  for (const slot of plan.wires.copies.keys()) partOfSlot[slot] = partOfSlot[plan.wires.rootOf(slot)]!;
  const [ofInput, context] = [graph.nodes.length + 1, graph.nodes.length + 2];
  return (name, source) => {
    const slot = slotOf(source);
    if (slot >= layout.end) return name.startsWith('main.context') ? context : ofInput;
    return slot < graph.input.count && bitOf(source) !== undefined ? ofInput : partOfSlot[slot]!;
  };
}
