import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NATIVE_BINARY } from '../../support/backends.ts';
import { type Base, makeBase } from './bases.ts';
import { CASES, filesOf } from './cases.ts';
import type { CommandName } from './commands.ts';
import {
  describe as described,
  type Known,
  type Outcome,
  runMutant,
  runOn,
  runUnchanged,
} from './run-mutants.ts';

/** `npm run test:slow:mutants` runs 20,000. Mutant k is always the same one: FIRST_MUTANT=k MUTANTS=1 repeats it. */
const MUTANTS = Number(process.env.MUTANTS ?? 150);
const FIRST = Number(process.env.FIRST_MUTANT ?? 0);
const PROGRESS = 1000;

let root: string;
let bases: Base[];

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'mutants-'));
  bases = [await makeBase(root, 'digest'), await makeBase(root, 'public')];
}, 600_000);
afterAll(() => rm(root, { recursive: true, force: true }));

it.skipIf(NATIVE_BINARY === undefined).each(CASES)('$name', async (damaged) => {
  const base = bases.find(({ name }) => name === damaged.base)!;
  const files = await filesOf(damaged, base);
  for (const [name, bytes] of files) expect(bytes, name).not.toEqual(base.files.get(name));
  for (const [command, code] of Object.entries(damaged.codes)) {
    const { outcome } = await runOn(base, files, command as CommandName);
    expect({ command, code: outcome.code, fault: outcome.fault }).toEqual({
      command,
      code,
      fault: undefined,
    });
  }
});

// Both backends are needed, and one of them may not be built.
it.skipIf(NATIVE_BINARY === undefined)(
  `${MUTANTS} mutants of an artifact's files give errors with codes, and never another result`,
  async () => {
    const known: Known = new Map();
    await runUnchanged(bases, known);
    const outcomes: Outcome[] = [];
    for (let number = FIRST; number < FIRST + MUTANTS; number += 1) {
      const outcome = await runMutant(number, bases, known);
      outcomes.push(outcome);
      if (outcome.fault !== undefined) console.log(described(outcome));
      if (outcomes.length % PROGRESS === 0) console.log(summary(outcomes));
    }
    console.log(summary(outcomes));
    expect(outcomes.filter(({ fault }) => fault !== undefined).map(described)).toEqual([]);
    // A harness that reaches nothing would find nothing.
    const codes = new Set(outcomes.map(({ code }) => code ?? 'success'));
    if (MUTANTS >= 150) expect(codes.size).toBeGreaterThan(8);
  },
);

function summary(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>();
  for (const { code = 'no error' } of outcomes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`);
  const slowest = outcomes.reduce((one, other) => (other.seconds > one.seconds ? other : one));
  const by = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const { command } = outcome.mutant;
    by.set(command, [...(by.get(command) ?? []), outcome]);
  }
  const means = [...by].map(([command, own]) => {
    const total = own.reduce((sum, { seconds }) => sum + seconds, 0);
    return `${command} ${own.length} × ${((1000 * total) / own.length).toFixed(0)} ms`;
  });
  const faults = outcomes.filter(({ fault }) => fault !== undefined).length;
  return `${outcomes.length} mutants, ${faults} faults; ${byCount.join(', ')}\n  ${means.join(', ')}\n  slowest: ${described(slowest)}`;
}
