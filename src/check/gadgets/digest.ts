import { CHUNK, digestTag, ELEMENT_BITS } from '@quietproof/verify';
import { SCALAR_FIELD } from '../../field/bn254.ts';
import { bitLength } from '../../integer/bounds.ts';
import type { DigestSlots, PermutationShape, PermutationSlots } from '../../integer/digest-signals.ts';
import { heldInputs } from '../../integer/held-inputs.ts';
import { bitOfSlot, wholeSlot } from '../../integer/wire-source.ts';
import { BigForm } from '../linear-form.ts';
import type { Walk } from '../walk.ts';
import { poseidonRows, poseidonSBoxes } from './poseidon-rows.ts';

/**
 * Pattern "range": Σ 2^k·b_k = input, or a row that makes a one-bit input boolean.
 *
 * Lemma "range". Each b_k is 0 or 1, so the input equals an integer in [0, 2^w), w ≤ 53. Every value in that range has
 * such bits. ∎
 *
 * An input that a thermometer reads directly has no such rows: the thermometer's rows enforce its range (lemma
 * "thermometer"), which is within [0, 2^w) too, so that packing stays injective. The walk fails if they do not
 * (`Walk.owed`). All other ranges are derived from those of the inputs.
 */
export function walkInputRanges(walk: Walk, inputWire: (i: number) => number): void {
  const { max } = walk.graph.input;
  const held = heldInputs(walk.graph);
  max.forEach((largest, i) => {
    const where = `input[${i}]`;
    const width = bitLength(largest);
    const wire = inputWire(i);
    if (held.has(i) && width >= 1 && width <= 53) walk.owe(i);
    else if (2 ** width - 1 !== largest || width < 1) {
      walk.fail('range', where, `0 … ${largest} is no whole number of bits`);
    } else if (width === 1) {
      if (walk.booleanInput(wire, where)) walk.proved('range');
    } else if (walk.bits((k) => bitOfSlot(i, k), width, walk.sum.clear().add(wire, 1), where)) {
      walk.proved('range');
    }
  });
}

/**
 * Pattern "digest": the values packed into elements, and Poseidon over the salt and the elements, 15 at a time, as
 * SPEC.md defines them.
 *
 * Lemma "packing". An element is Σ 2^(offset_i)·in_i over values of w_i bits whose bit positions do not overlap, at
 * most 253 bits together: below r, so different rows have different elements. ∎
 *
 * Lemma "Poseidon". Every S-box is three products of known wires: x², (x²)², (x⁴)·x. Its input x is exactly the linear
 * expression, in the permutation's inputs and the earlier S-boxes, that the standard rounds give (8 full, R partial,
 * Grain constants, MDS matrix); it is computed here round by round from the standard constants. So `out` is the first
 * element of the standard permutation. ∎
 *
 * @param slots where the trace holds the permutations' signals (hints)
 */
export function walkDigest(
  walk: Walk,
  { inputWire, saltWire, digestWire }: DigestWires,
  { permutations }: DigestSlots,
): void {
  const widths = inputWidths(walk.graph.input.max);
  const packed = packedElements(widths, inputWire);
  const elements = [BigForm.wire(saltWire), ...packed];
  let chain = BigForm.constant(digestTag(widths));
  for (let first = 0; first < elements.length; first += CHUNK) {
    const where = `digest, permutation ${first / CHUNK}`;
    const slots = permutations[first / CHUNK]!;
    const chunk = elements.slice(first, first + CHUNK).map((element, k) => {
      const wire = walk.hints.of(wholeSlot(slots.elements + k));
      return define(walk, wire, element, `${where}, element ${first + k}`);
    });
    const isLast = first + CHUNK >= elements.length;
    const outWire = isLast ? digestWire : walk.hints.of(wholeSlot(slots.out));
    const out = walkPermutation(walk, [chain, ...chunk], slots, where);
    if (out === undefined) return;
    chain = define(walk, outWire, out, where);
    if (isLast && chain.soleWire !== digestWire) {
      walk.fail('correspondence', where, 'the public digest is not the last permutation’s output');
    }
    walk.proved('Poseidon');
  }
}

interface DigestWires {
  readonly inputWire: (i: number) => number;
  readonly saltWire: number;
  readonly digestWire: number;
}

/** Bits of each input. */
export function inputWidths(max: Float64Array): number[] {
  return Array.from(max, bitLength);
}

/** The permutations that absorb the salt and the packed values, CHUNK elements each. */
export function permutationShapes(widths: readonly number[]): PermutationShape[] {
  const elements = 1 + packedElements(widths, () => 0).length;
  return Array.from({ length: Math.ceil(elements / CHUNK) }, (_, c) => {
    const own = Math.min(CHUNK, elements - c * CHUNK);
    // Width: the constant element, the chain value and the chunk.
    return { elements: own, boxes: poseidonSBoxes(own + 2) };
  });
}

function packedElements(widths: readonly number[], inputWire: (i: number) => number): BigForm[] {
  const elements: BigForm[] = [];
  let used = ELEMENT_BITS;
  widths.forEach((width, i) => {
    if (used + width > ELEMENT_BITS) {
      elements.push(new BigForm());
      used = 0;
    }
    elements.at(-1)!.add(inputWire(i), 1n << BigInt(used));
    used += width;
  });
  return elements;
}

/** Matches the S-boxes of one permutation in order. @returns the expression of its first output element */
function walkPermutation(
  walk: Walk,
  inputs: readonly BigForm[],
  first: PermutationSlots,
  where: string,
): BigForm | undefined {
  const { reads, out } = poseidonRows(inputs.length + 1);
  const boxes = poseidonSBoxes(inputs.length + 1);
  const powers: BigForm[] = [];
  const problemsBefore = walk.problemCount;
  const expand = (symbolic: BigForm) => {
    const form = new BigForm();
    for (const symbol of symbolic.wires()) {
      const coefficient = symbolic.coefficient(symbol);
      if (symbol === 0) form.add(0, coefficient);
      else if (symbol <= inputs.length) form.addForm(inputs[symbol - 1]!, coefficient);
      else form.addForm(powers[symbol - inputs.length - 1]!, coefficient);
    }
    return form;
  };
  for (let box = 0; box < boxes; box += 1) {
    const place = `${where}, S-box ${box}`;
    const x = expand(reads[box]!);
    const slots = [first.square + box, first.fourth + box, first.fifth + box];
    const [square, fourth, fifth] = slots.map((slot) => walk.hints.of(wholeSlot(slot)));
    const second = multiply(walk, square!, x, x, place);
    const two = multiply(walk, fourth!, second, second, place);
    powers.push(multiply(walk, fifth!, two, x, place));
    // Every S-box after a broken one would fail too: stop at the first.
    if (walk.problemCount !== problemsBefore) return undefined;
  }
  return expand(out);
}

/** Matches wire = form; no row is needed if no wire is known, or if the form is that wire. @returns the form to use */
function define(walk: Walk, wire: number, form: BigForm, where: string): BigForm {
  if (form.soleWire !== -1 && (wire === -1 || wire === form.soleWire)) return form;
  if (wire === -1) return form;
  const row = new BigForm().addForm(form, 1n).add(wire, -1n);
  if (!walk.rows.linear(row)) walk.failRow(row, wire, where);
  else walk.claim(wire, where);
  return BigForm.wire(wire);
}

/** Matches wire = left · right. @returns the form to use */
function multiply(walk: Walk, wire: number, left: BigForm, right: BigForm, where: string): BigForm {
  for (const [constant, other] of [
    [left.constant, right],
    [right.constant, left],
  ] as const) {
    if (constant === undefined) continue;
    return define(walk, wire, new BigForm().addForm(other, constant % SCALAR_FIELD), where);
  }
  const out = BigForm.wire(wire);
  if (wire === -1) walk.fail('correspondence', where, 'a power has no wire');
  else if (!walk.rows.product(left, right, out)) walk.failRow(out, wire, where);
  else walk.claim(wire, where);
  return out;
}
