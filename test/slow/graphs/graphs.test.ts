import { expect, it } from 'vitest';
import { census, refusals, report } from '../../compile/fuzz/census.ts';
import { judge } from '../../compile/fuzz/differential.ts';
import { judgeTable, judgeTableCircuit, judgeTableFloats } from '../../compile/fuzz/tables/judge-table.ts';

/** How many graphs, and the first seed, so that a run can be split or continued. */
const GRAPHS = Number(process.env.GRAPHS ?? 5000);
const FIRST_SEED = Number(process.env.FIRST_SEED ?? 1);
const LONG = { timeout: 24 * 3600 * 1000 };

it(`${GRAPHS} random graphs from seed ${FIRST_SEED}`, LONG, async () => {
  const found = await census(FIRST_SEED, GRAPHS, judge);
  console.log(report(found));
  expect(found.failed).toEqual([]);
  expect(refusals(found)).toBeLessThanOrEqual(GRAPHS / 10);
});

it(`${GRAPHS} random models of tables from seed ${FIRST_SEED}, as floats`, LONG, async () => {
  const found = await census(FIRST_SEED, GRAPHS, judgeTableFloats);
  console.log(report(found));
  expect(found.failed).toEqual([]);
  expect(refusals(found)).toBeLessThanOrEqual(GRAPHS / 4);
});

it(`${Math.ceil(GRAPHS / 10)} of them as integers`, LONG, async () => {
  const found = await census(FIRST_SEED, Math.ceil(GRAPHS / 10), judgeTable);
  console.log(report(found));
  expect(found.failed).toEqual([]);
});

it(`${Math.ceil(GRAPHS / 50)} of them as circuits`, LONG, async () => {
  const found = await census(FIRST_SEED, Math.ceil(GRAPHS / 50), judgeTableCircuit);
  console.log(report(found));
  expect(found.failed).toEqual([]);
});
