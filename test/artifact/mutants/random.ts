import { pseudoRandom } from '../../../src/data/pseudo-random.ts';

/** Reproducible choices of one mutant: the same ones for the same number, whatever ran before. */
export class Choices {
  readonly #next: () => number;

  constructor(mutant: number) {
    this.#next = pseudoRandom(Math.imul(mutant + 1, 0x9e3779b1));
    // Numbers close to each other give close first values.
    for (let k = 0; k < 4; k += 1) this.#next();
  }

  /** 0 … count − 1 */
  below(count: number): number {
    return Math.min(count - 1, Math.floor(this.#next() * count));
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }
}
