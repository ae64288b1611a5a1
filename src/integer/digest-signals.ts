import type { SignalSlots } from './statement.ts';

/** How much room one Poseidon permutation of an input digest takes in a trace. */
export interface PermutationShape {
  /** Packed elements it absorbs, without the chain value. */
  readonly elements: number;
  /** S-boxes that have wires: three wires each. */
  readonly boxes: number;
}

/** First slot of each group of signals of one permutation. */
export interface PermutationSlots {
  readonly elements: number;
  readonly square: number;
  readonly fourth: number;
  readonly fifth: number;
  readonly out: number;
}

export interface DigestSlots {
  readonly salt: number;
  readonly permutations: readonly PermutationSlots[];
}

/** Field elements of one permutation: what it absorbs, the powers x², x⁴ and x⁵ of each S-box, and its output. */
export interface PermutationFields {
  readonly elements: readonly bigint[];
  readonly square: readonly bigint[];
  readonly fourth: readonly bigint[];
  readonly fifth: readonly bigint[];
  readonly out: bigint;
}

/** @param first the first slot that the input mode may use */
export function digestSlots(first: number, shapes: readonly PermutationShape[]): DigestSlots {
  let next = first + 1;
  const take = (count: number) => {
    next += count;
    return next - count;
  };
  const permutations = shapes.map(({ elements, boxes }) => ({
    elements: take(elements),
    square: take(boxes),
    fourth: take(boxes),
    fifth: take(boxes),
    out: take(1),
  }));
  return { salt: first, permutations };
}

/** The field elements of a digest in the order of their slots. */
export function digestFields(salt: bigint, permutations: readonly PermutationFields[]): bigint[] {
  const fields = [salt];
  for (const { elements, square, fourth, fifth, out } of permutations) {
    fields.push(...elements, ...square, ...fourth, ...fifth, out);
  }
  return fields;
}

/**
 * The signals of a digest: those of circuits/input-digest.circom, or of circuits/held-input-digest.circom if some inputs
 * are held in range by other rows, as component `digest`, the salt, and the output.
 *
 * @param widths bits of each input; value i is slot i
 * @param held inputs whose range the digest does not check
 */
export function digestSignals(
  { salt, permutations }: DigestSlots,
  shapes: readonly PermutationShape[],
  widths: readonly number[],
  held: ReadonlySet<number> = new Set(),
): SignalSlots {
  const signals = new Map<string, readonly number[] | { slot: number; bits: number }>([['salt', [salt]]]);
  const checked = Array.from(widths.keys()).filter((slot) => !held.has(slot));
  checked.forEach((slot, k) => {
    const bits = widths[slot]!;
    if (bits > 1) signals.set(`digest.range[${k}].bit`, { slot, bits });
  });
  const run = (first: number, count: number) => Array.from({ length: count }, (_, k) => first + k);
  permutations.forEach((slots, c) => {
    const name = `digest.permutation[${c}]`;
    const { elements, boxes } = shapes[c]!;
    // The first permutation's chain value is a constant and has no wire, so any slot will do.
    const chain = permutations[c - 1]?.out ?? salt;
    signals.set(`${name}.in`, [chain, ...run(slots.elements, elements)]);
    signals.set(`${name}.square`, run(slots.square, boxes));
    signals.set(`${name}.fourth`, run(slots.fourth, boxes));
    signals.set(`${name}.fifth`, run(slots.fifth, boxes));
    signals.set(`${name}.out`, [slots.out]);
  });
  return signals.set('inputDigest', [permutations.at(-1)!.out]);
}
