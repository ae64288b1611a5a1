import { describe, expect, it } from 'vitest';
import { Choices, shrink } from './choices.ts';

/** Draws until a 0, as a generator of lists does. */
function list(choices: Choices): number[] {
  const items: number[] = [];
  while (choices.upTo(4) > 0) items.push(choices.upTo(100));
  return items;
}

describe('decisions', () => {
  it('are taken again from their list', () => {
    const first = new Choices(5);
    const items = list(first);
    expect(list(new Choices(first.taken))).toEqual(items);
  });

  it('beyond the list are the simplest, and those that are too large are cut', () => {
    expect(new Choices([]).upTo(9)).toBe(0);
    expect(new Choices([7]).upTo(3)).toBe(3);
  });

  it('shrink to the fewest and smallest that still fail', async () => {
    const fails = async (taken: readonly number[]) => list(new Choices(taken)).some((item) => item > 40);
    const seed = Array.from({ length: 200 }, (_, k) => k + 1).find((k) => {
      const items = list(new Choices(k));
      return items.length > 4 && items.some((item) => item > 40);
    })!;
    const large = new Choices(seed);
    list(large);
    expect(await shrink(large.taken, fails)).toEqual([1, 41]);
  });

  it('stop shrinking when the budget is spent', async () => {
    let trials = 0;
    const fails = async () => {
      trials += 1;
      return true;
    };
    await shrink(
      Array.from({ length: 100 }, () => 1000),
      fails,
      20,
    );
    expect(trials).toBeLessThanOrEqual(20);
  });
});
