import { canonicalBytes } from '../json/canonical-json.ts';
import { hashToSignal, TAGS, taggedHash } from '../tagged-hash.ts';
import { MAX_POSEIDON_INPUTS, poseidon } from './poseidon.ts';

/** Bits of one packed element: every value below 2^253 is a canonical scalar. */
export const ELEMENT_BITS = 253;
/** Elements per permutation, beside the chain value. */
export const CHUNK = MAX_POSEIDON_INPUTS - 1;

/**
 * Poseidon digest of an input row (SPEC.md, section 6). The values are packed little-endian into elements of at most
 * 253 bits. Salt and elements are hashed 15 at a time, in a chain that starts from a tag of count and widths.
 *
 * @param values integers, 0 ≤ value < 2^width
 * @param widths bits of each value, 1 to 253
 * @param salt 128 random bits
 * @throws RangeError when a value does not fit its width
 */
export function inputDigest(
  values: readonly (bigint | number)[],
  widths: readonly number[],
  salt: bigint,
): bigint {
  const elements = [salt, ...packValues(values, widths)];
  let chain = digestTag(widths);
  for (let first = 0; first < elements.length; first += CHUNK) {
    chain = poseidon([chain, ...elements.slice(first, first + CHUNK)]);
  }
  return chain;
}

/** The first chain value: int(sha256(tag ‖ canonical {count, widths})) with its top 8 bits cleared. */
export function digestTag(widths: readonly number[]): bigint {
  return hashToSignal(taggedHash(TAGS.digest, canonicalBytes({ count: widths.length, widths })));
}

/** The packed elements, without the salt. @throws RangeError */
export function packValues(values: readonly (bigint | number)[], widths: readonly number[]): bigint[] {
  if (values.length !== widths.length)
    throw new RangeError(`${values.length} values and ${widths.length} widths`);
  const elements: bigint[] = [];
  let [element, used] = [0n, 0];
  for (const [index, width] of widths.entries()) {
    const value = BigInt(values[index] as bigint | number);
    if (value < 0n || value >> BigInt(width) !== 0n) {
      throw new RangeError(`value ${index} does not fit ${width} bits`);
    }
    if (used + width > ELEMENT_BITS) {
      elements.push(element);
      [element, used] = [0n, 0];
    }
    element |= value << BigInt(used);
    used += width;
  }
  if (used > 0) elements.push(element);
  return elements;
}
