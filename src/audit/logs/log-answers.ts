import type { Hex } from '@quietproof/verify';
import { DigestIndex } from '../flat/digest-index.ts';
import { NumberList } from '../flat/number-list.ts';

/** The entries of answers in a log, by their leaves, in about 50 bytes each. */
export class LogAnswers {
  readonly #leaves = new DigestIndex();
  readonly #entries = new NumberList();

  get size(): number {
    return this.#leaves.size;
  }

  /** @returns the number of the entry that the leaf has already, which stays the one that counts */
  add(leaf: Hex, entry: number): number | undefined {
    const { number, isNew } = this.#leaves.add(leaf);
    if (isNew) this.#entries.push(entry);
    return isNew ? undefined : this.#entries.at(number);
  }

  /** The first entry of an answer. */
  of(leaf: Hex): number | undefined {
    const number = this.#leaves.find(leaf);
    return number === undefined ? undefined : this.#entries.at(number);
  }

  /** In the order of the log. */
  *all(): Generator<{ readonly leaf: Hex; readonly entry: number }> {
    for (let number = 0; number < this.#leaves.size; number += 1) {
      const leaf = Buffer.from(this.#leaves.at(number)).toString('hex');
      yield { leaf, entry: this.#entries.at(number) };
    }
  }
}
