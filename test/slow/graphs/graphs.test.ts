import { expect, it } from 'vitest';
import { census, refusals, report } from '../../compile/fuzz/census.ts';

/** How many graphs, and the first seed, so that a run can be split or continued. */
const GRAPHS = Number(process.env.GRAPHS ?? 5000);
const FIRST_SEED = Number(process.env.FIRST_SEED ?? 1);

it(`${GRAPHS} random graphs from seed ${FIRST_SEED}`, { timeout: 24 * 3600 * 1000 }, async () => {
  const found = await census(FIRST_SEED, GRAPHS);
  console.log(report(found));
  expect(found.failed).toEqual([]);
  expect(refusals(found)).toBeLessThanOrEqual(GRAPHS / 10);
});
