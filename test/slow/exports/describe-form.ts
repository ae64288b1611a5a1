import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptResult } from '../kept-results.ts';
import { type Form, missingFor, modelsOf, ROOT } from './environment.ts';
import { MINIMUM, REFUSED } from './expected.ts';
import { type Outcome, proveExport } from './prove-export.ts';

const HOURS = 3_600_000;
/** Names of modules, separated by commas, to try only these. */
const ONLY = process.env.ONLY?.split(',');

/** Tests that every model of a form is proved, or refused for the reason listed. */
export async function describeForm(form: Form): Promise<void> {
  const missing = await missingFor(form);
  if (missing !== undefined) console.log(`Skipped ${form}: ${missing}`);
  describe.skipIf(missing !== undefined)(form, () => {
    it('every model is proved, or refused for the reason listed', { timeout: 6 * HOURS }, async () => {
      const outcomes = await outcomesOf(form);
      const proved = [...outcomes.values()].filter((outcome) => outcome.proved).length;
      console.log(summary(form, proved, outcomes));
      compare(outcomes, REFUSED[form]);
      if (ONLY === undefined) expect(proved).toBeGreaterThanOrEqual(MINIMUM[form]);
    });
  });
}

/** Tries the models one by one, and prints a line of the table for each. */
async function outcomesOf(form: Form): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'quietproof-export-'));
  try {
    for (const [name, folder] of await modelsOf(form)) {
      if (!(ONLY?.includes(name) ?? true)) continue;
      const kept = path.join(ROOT, 'results', form, `${name}.json`);
      const outcome = await keptResult(kept, () => proveExport(folder, scratch));
      console.log(`${form.padEnd(12)} ${name.padEnd(26)} ${outcome.proved ? 'proved' : outcome.reason}`);
      outcomes.set(name, outcome);
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
  return outcomes;
}

/** One line: how many are proved, and how many of the others are so for the reason listed. */
function summary(form: Form, proved: number, outcomes: ReadonlyMap<string, Outcome>): string {
  const isListed = ([name, { reason }]: [string, Outcome]) =>
    reason?.startsWith(REFUSED[form][name] ?? '\0') ?? false;
  const listed = [...outcomes].filter(isListed).length;
  const others = outcomes.size - proved - listed;
  return `${form}: ${proved} of ${outcomes.size} proved, ${listed} refused as listed, ${others} not as listed`;
}

function compare(outcomes: ReadonlyMap<string, Outcome>, expected: Readonly<Record<string, string>>): void {
  const listed = Object.entries(expected).filter(([name]) => outcomes.has(name));
  const reasons = new Map([...outcomes].flatMap(([name, { reason }]) => (reason ? [[name, reason]] : [])));
  expect([...reasons.keys()]).toEqual(listed.map(([name]) => name));
  for (const [name, start] of listed) expect(reasons.get(name)!.slice(0, start.length), name).toBe(start);
}
