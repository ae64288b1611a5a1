import { CHUNK, digestTag, ELEMENT_BITS, packValues } from '@quietproof/verify';
import { bitLength } from '../../integer/bounds.ts';
import {
  digestFields,
  digestSignals,
  digestSlots,
  type PermutationShape,
} from '../../integer/digest-signals.ts';
import type { SignalSlots } from '../../integer/statement.ts';
import { flatConstants, type PoseidonForm, poseidonForm } from './poseidon-form.ts';
import { type PoseidonTrace, poseidonPowers, poseidonTrace } from './poseidon-trace.ts';

/** How the input's digest is computed in a circuit. */
export interface DigestPlan {
  readonly includes: readonly string[];
  /** Declares the component `digest` with inputs `in[…]` and `salt` and output `out`. */
  readonly declaration: string;
  /** Slots of the digest's signals; `firstSlot` is the trace slot of its first field element. */
  signals(firstSlot: number): SignalSlots;
  /** The field elements of one row from that slot on: the salt first, the digest last. */
  fields(integers: ArrayLike<number>, salt: bigint): bigint[];
}

/** How a row's values are packed into elements, and the permutations that absorb the elements. */
interface DigestLayout {
  readonly widths: readonly number[];
  /** Inputs that other rows hold in range. */
  readonly held: ReadonlySet<number>;
  /** Number of values per packed element. The salt, which is an element too, is not listed. */
  readonly elements: readonly number[];
  /** Constants of the permutations, in order. */
  readonly forms: readonly PoseidonForm[];
}

/**
 * @param max largest value of each feature: 2^bits − 1, 1 ≤ bits ≤ 53, or any of as many bits for one that is held
 * @param held features that other rows hold in range
 * @throws RangeError on anything else
 */
export function planDigest(max: Float64Array, held: ReadonlySet<number> = new Set()): DigestPlan {
  const layout = layOut(max, held);
  return {
    includes: [held.size === 0 ? 'input-digest.circom' : 'held-input-digest.circom'],
    declaration: declarationOf(layout),
    signals: (firstSlot) => signalsOf(layout, firstSlot),
    fields: (integers, salt) => fieldsOf(layout, integers, salt),
  };
}

/** Constraints of range checks, packing and hashing, exactly as circom counts them. */
export function digestCost(max: Float64Array, held: ReadonlySet<number> = new Set()): number {
  const { widths, elements, forms } = layOut(max, held);
  const rangeOf = (bits: number) => (bits === 1 ? 1 : bits + 1);
  const ranges = widths.reduce((sum, bits, i) => sum + (held.has(i) ? 0 : rangeOf(bits)), 0);
  // An element that holds one value is that value's wire.
  const packing = elements.filter((values) => values > 1).length;
  return forms.reduce((sum, form) => sum + 3 * poseidonPowers(form) + 1, ranges + packing);
}

/** Coefficients in the factors of its constraints beyond three each, nearly: the S-boxes of the hash read sums of many wires. */
export function furtherCoefficients(max: Float64Array, held: ReadonlySet<number> = new Set()): number {
  const { forms } = layOut(max, held);
  return forms.reduce((sum, form) => sum + poseidonCoefficients(form) - PER_POWER * poseidonPowers(form), 0);
}

/** Three constraints of three coefficients each. */
const PER_POWER = 9;

/** `square` reads the input of the S-box twice and `fifth` once; the other factors are single wires. */
function poseidonCoefficients({ t, partialRounds: rounds }: PoseidonForm): number {
  const first = 2 * (t - 1);
  const full = 6 * t * (t + 1);
  const partial = rounds * (t + 1) + (rounds * (rounds - 1)) / 2;
  const afterPartial = t * (t + rounds + 1);
  return 3 * (first + full + partial + afterPartial) + 3 * poseidonPowers({ t, partialRounds: rounds });
}

function layOut(max: Float64Array, held: ReadonlySet<number>): DigestLayout {
  const widths = Array.from(max, (largest, i) => widthOf(largest, held.has(i)));
  const elements: number[] = [];
  let used = ELEMENT_BITS;
  for (const bits of widths) {
    if (used + bits > ELEMENT_BITS) {
      elements.push(0);
      used = 0;
    }
    elements[elements.length - 1]! += 1;
    used += bits;
  }
  const inputs = 1 + elements.length;
  const forms: PoseidonForm[] = [];
  for (let first = 0; first < inputs; first += CHUNK) {
    // Width: the constant element, the chain value and the chunk.
    forms.push(poseidonForm(2 + Math.min(CHUNK, inputs - first)));
  }
  return { widths, held, elements, forms };
}

function widthOf(max: number, isHeld: boolean): number {
  const bits = bitLength(max);
  if (!(bits >= 1 && bits <= 53 && (isHeld || 2 ** bits - 1 === max))) {
    throw new RangeError(`a digest needs inputs of whole bits, not 0 … ${max}`);
  }
  return bits;
}

const FULL_WIDTH = CHUNK + 2;

function declarationOf({ widths, held, forms }: DigestLayout): string {
  const wide = forms.find((form) => form.t === FULL_WIDTH);
  const last = forms.at(-1)!.t === FULL_WIDTH ? undefined : forms.at(-1)!;
  return [
    `component digest = ${held.size === 0 ? 'InputDigest' : 'HeldInputDigest'}(`,
    `    ${widths.length},`,
    `    [${widths.join(',')}],`,
    ...(held.size === 0 ? [] : [`    [${widths.map((_, i) => (held.has(i) ? 1 : 0)).join(',')}],`]),
    `    ${hex(digestTag(widths))},`,
    `    ${constantsText(wide)},`,
    `    ${constantsText(last)}`,
    ');',
  ].join('\n');
}

const CONSTANTS_PER_LINE = 8;

function constantsText(form: PoseidonForm | undefined): string {
  if (form === undefined) return '[0]';
  const constants = flatConstants(form).map(hex);
  const lines: string[] = [];
  for (let i = 0; i < constants.length; i += CONSTANTS_PER_LINE) {
    lines.push(constants.slice(i, i + CONSTANTS_PER_LINE).join(','));
  }
  return `[\n        ${lines.join(',\n        ')}\n    ]`;
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function fieldsOf(layout: DigestLayout, integers: ArrayLike<number>, salt: bigint): bigint[] {
  const elements = [salt, ...packValues(Array.from(integers), layout.widths)];
  let chain = digestTag(layout.widths);
  const permutations = layout.forms.map((form, c) => {
    const chunk = elements.slice(c * CHUNK, (c + 1) * CHUNK);
    const trace: PoseidonTrace = poseidonTrace(form, [chain, ...chunk]);
    chain = trace.out;
    return { ...trace, elements: chunk };
  });
  return digestFields(salt, permutations);
}

function signalsOf({ widths, held, forms }: DigestLayout, firstSlot: number): SignalSlots {
  const shapes = forms.map(
    (form): PermutationShape => ({ elements: form.t - 2, boxes: poseidonPowers(form) }),
  );
  return digestSignals(digestSlots(firstSlot, shapes), shapes, widths, held);
}
