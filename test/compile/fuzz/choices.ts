/**
 * The decisions that a generator takes, as a list of whole numbers. A generator that takes all its decisions here can be
 * run again from the list, and a shorter list or smaller numbers give a simpler result: 0 is the simplest choice, and
 * what is missing at the end is 0. Shrinking then needs to know nothing of what is generated.
 */
export class Choices {
  readonly taken: number[] = [];
  #state: number;
  readonly #given: readonly number[] | undefined;

  /** @param source a seed, or the decisions of an earlier run */
  constructor(source: number | readonly number[]) {
    this.#given = typeof source === 'number' ? undefined : source;
    this.#state = typeof source === 'number' ? ((source * 7919) % 2147483646) + 1 : 1;
  }

  /** A whole number from 0 to `limit`, both included. */
  upTo(limit: number): number {
    const wanted =
      this.#given === undefined ? this.#random() * (limit + 1) : (this.#given[this.taken.length] ?? 0);
    const value = Math.min(Math.floor(wanted), limit);
    this.taken.push(value);
    return value;
  }

  /** One of the choices, of which the first is the simplest. */
  pick<T>(choices: readonly T[]): T {
    return choices[this.upTo(choices.length - 1)]!;
  }

  /** True in one of `n` cases; false is simpler. */
  once(n: number): boolean {
    return this.upTo(n - 1) === n - 1;
  }

  /** Lehmer generator modulo 2^31 − 1. */
  #random(): number {
    this.#state = (this.#state * 48271) % 2147483647;
    return this.#state / 2147483647;
  }
}

/**
 * The shortest list of decisions found that still fails: parts of the list are dropped, then single decisions made
 * smaller, until nothing helps or the budget is spent.
 *
 * @param fails whether the generated result still shows the failure
 * @param budget the largest number of trials
 */
export async function shrink(
  taken: readonly number[],
  fails: (taken: readonly number[]) => Promise<boolean>,
  budget = 400,
): Promise<number[]> {
  let best = [...taken];
  let trials = 0;
  const accept = async (candidate: number[]): Promise<boolean> => {
    trials += 1;
    if (trials > budget || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let before = -1; before !== trials && trials < budget; ) {
    const length = best.length;
    const total = best.reduce((sum, value) => sum + value, 0);
    for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = best.length - size; at >= 0 && trials < budget; at -= size) {
        await accept(best.toSpliced(at, size));
      }
    }
    for (let at = 0; at < best.length && trials < budget; at += 1) {
      for (const value of [0, Math.floor(best[at]! / 2), best[at]! - 1]) {
        if (value >= 0 && value < best[at]! && (await accept(best.with(at, value)))) break;
      }
    }
    const smaller = best.length < length || best.reduce((sum, value) => sum + value, 0) < total;
    before = smaller ? -1 : trials;
  }
  return best;
}
