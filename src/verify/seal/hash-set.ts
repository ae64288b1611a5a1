import type { Hex } from '../json/encoded-types.ts';

const DIGITS = 16;
const WORDS = 2;
const FIRST_SLOTS = 1 << 10;

/**
 * A set of digests that keeps 128 bits of each, in one array: a digest that is not in it passes for one that is with a chance
 * of 2^-128, or after 2^64 attempts to make two alike.
 */
export class HashSet {
  /** Two words per slot; a digest begins at the slot that its first word names. Zeros are an empty slot. */
  #words = new BigUint64Array(FIRST_SLOTS * WORDS);
  #size = 0;

  /** @returns whether it was not there before */
  add(digest: Hex): boolean {
    if (this.#size * 2 >= this.#words.length / WORDS) this.#grow();
    const [first, second] = wordsOf(digest);
    const isNew = put(this.#words, first, second);
    if (isNew) this.#size += 1;
    return isNew;
  }

  #grow(): void {
    const larger = new BigUint64Array(this.#words.length * 2);
    for (let at = 0; at < this.#words.length; at += WORDS) {
      const [first, second] = [this.#words[at]!, this.#words[at + 1]!];
      if (first !== 0n || second !== 0n) put(larger, first, second);
    }
    this.#words = larger;
  }
}

/** Words of a digest, never both zero. */
function wordsOf(digest: Hex): [bigint, bigint] {
  const first = BigInt(`0x${digest.slice(0, DIGITS)}`);
  const second = BigInt(`0x${digest.slice(DIGITS, 2 * DIGITS)}`);
  return [first, first === 0n && second === 0n ? 1n : second];
}

function put(words: BigUint64Array, first: bigint, second: bigint): boolean {
  const slots = words.length / WORDS;
  for (let slot = Number(first % BigInt(slots)); ; slot = (slot + 1) % slots) {
    const at = slot * WORDS;
    const [a, b] = [words[at]!, words[at + 1]!];
    if (a === first && b === second) return false;
    if (a === 0n && b === 0n) {
      words[at] = first;
      words[at + 1] = second;
      return true;
    }
  }
}
