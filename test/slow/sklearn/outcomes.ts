import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { keptResult } from '../kept-results.ts';
import { LEARNERS, trainedBy } from '../learners.ts';
import { UNBOUNDED } from './expected.ts';
import { type Outcome, proveModel } from './prove-model.ts';

/** Names of models, separated by commas, to try only these. */
export const ONLY = process.env.ONLY?.split(',');

export const TRAINED = trainedBy('sklearn', ['models.py']);

/** An estimator of scikit-learn alone, one of another tool, or several in a pipeline. */
type ModelKind = 'estimator' | 'booster' | 'pipeline';

interface Tried {
  readonly kind: ModelKind;
  readonly outcome: Outcome;
}

/** Tries the models one by one, and prints a line for each. */
export async function outcomesOf(): Promise<ReadonlyMap<string, Tried>> {
  const tried = new Map<string, Tried>();
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'quietproof-sklearn-'));
  const entries = await readdir(TRAINED.models, { withFileTypes: true });
  const names = entries.filter((one) => one.isDirectory()).map(({ name }) => name);
  try {
    for (const name of names.sort()) {
      if (!(ONLY?.includes(name) ?? true)) continue;
      const folder = path.join(TRAINED.models, name);
      const kept = path.join(LEARNERS, 'sklearn-results', `${name}.json`);
      const outcome = await keptResult(kept, () => proveModel(folder, scratch));
      console.log(`${name.padEnd(32)} ${wordsOf(outcome)}`);
      tried.set(name, {
        kind: (await readFile(path.join(folder, 'kind.txt'), 'utf8')) as ModelKind,
        outcome,
      });
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
  return tried;
}

function wordsOf(outcome: Outcome): string {
  if (outcome.kind !== 'proved') return `${outcome.kind}: ${outcome.reason.slice(0, 160)}`;
  const { constraints, labels } = outcome;
  const { rows, differences, close } = labels;
  return `proved, ${constraints} constraints; ${differences} of ${rows} labels differ, ${close} are close`;
}

/** How many models of a kind are proved, and all counts in a line. */
export function countsOf(
  kind: ModelKind,
  tried: ReadonlyMap<string, Tried>,
): { readonly proved: number; readonly line: string } {
  const own = [...tried.values()].filter((one) => one.kind === kind).map(({ outcome }) => outcome);
  const proved = own.flatMap((one) => (one.kind === 'proved' ? [one.labels] : []));
  const converted = own.filter((one) => one.kind !== 'unconverted').length;
  const sum = (count: (labels: (typeof proved)[number]) => number) =>
    proved.reduce((total, labels) => total + count(labels), 0);
  const rows = `${sum((one) => one.differences)} labels differ, ${sum((one) => one.close)} of ${sum((one) => one.rows)} rows are close`;
  return {
    proved: proved.length,
    line: `${kind}: ${proved.length} of ${converted} proved, ${own.length - converted} not converted; ${rows}`,
  };
}

/** @param expected models that are refused, and how the reason begins */
export function compareWithExpected(
  tried: ReadonlyMap<string, Tried>,
  expected: Readonly<Record<string, string>>,
): void {
  const reasons = new Map<string, string>();
  for (const [name, { outcome }] of tried) {
    if (outcome.kind === 'refused') reasons.set(name, outcome.reason);
    if (outcome.kind !== 'proved') continue;
    const { rows, unexplained, floatDifferences, outside, close, differences } = outcome.labels;
    const found = { name, rows, floatDifferences, outside };
    expect(found).toEqual({ name, rows: 1000, floatDifferences: 0, outside: 0 });
    const most = UNBOUNDED[name];
    if (most !== undefined) {
      expect(differences, name).toBeLessThanOrEqual(most);
      continue;
    }
    expect(unexplained, name).toBe(0);
    expect(close, name).toBeLessThanOrEqual(rows / 2);
  }
  const listed = Object.keys(expected).filter((name) => tried.has(name));
  expect([...reasons.keys()].sort()).toEqual(listed.sort());
  for (const [name, reason] of reasons)
    expect(reason.slice(0, expected[name]!.length), name).toBe(expected[name]);
}
