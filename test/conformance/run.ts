/**
 * Runs any verifier on the corpus and prints its wrong answers.
 *
 *   node test/conformance/dist/run.js [--batch] [--only <class or id>] -- <command> [arguments]
 *
 * Runs our own verifier if no command is given. `--batch` requires that the command has the subcommand `batch`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Answer, Case } from './case-types.ts';
import { askMany, askOnce } from './implementation.ts';
import { judgeAll } from './judge.ts';
import { readCases } from './materialise.ts';
import { writeCase } from './write-files.ts';

const OWN = [process.execPath, fileURLToPath(new URL('quietproof-command.js', import.meta.url))];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { batch: { type: 'boolean' }, only: { type: 'string' } },
});
const command = positionals.length > 0 ? positionals : OWN;
const { only } = values;
// A case with `sameRecordAs` needs the other case too.
const all = readCases();
const wanted = all.filter(({ id }) => only === undefined || id === only || id.startsWith(`${only}/`));
const cases = all.filter(
  (one) => wanted.includes(one) || wanted.some(({ sameRecordAs }) => sameRecordAs === one.id),
);

const folder = mkdtempSync(path.join(tmpdir(), 'conformance-'));
try {
  const started = performance.now();
  const answers = await ask(cases);
  const wrong = judgeAll(cases, answers);
  printTable(cases, wrong);
  for (const [id, reason] of wrong) console.log(`WRONG ${id}: ${reason}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${cases.length - wrong.size} of ${cases.length} as expected, in ${seconds} s`);
  process.exitCode = wrong.size === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function ask(some: readonly Case[]): Promise<Map<string, Answer>> {
  const lists = some.map((one) => writeCase(one, folder));
  if (values.batch === true) {
    const answers = await askMany(command, lists);
    return new Map(answers.map((answer, index) => [some[index]!.id, answer]));
  }
  const found = new Map<string, Answer>();
  for (const [index, words] of lists.entries()) {
    const { id } = some[index]!;
    try {
      found.set(id, askOnce(command, words));
    } catch (error) {
      // A crash counts as no answer to this case; the other cases still count.
      console.error(`${id}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return found;
}

function printTable(some: readonly Case[], wrong: ReadonlyMap<string, string>): void {
  const rows = new Map<string, { cases: number; invalid: number; wrong: number }>();
  for (const { id, verdict } of some) {
    const name = id.split('/')[0] as string;
    const row = rows.get(name) ?? { cases: 0, invalid: 0, wrong: 0 };
    row.cases += 1;
    if (verdict === 'invalid') row.invalid += 1;
    if (wrong.has(id)) row.wrong += 1;
    rows.set(name, row);
  }
  console.log(`${'class'.padEnd(16)}${'cases'.padStart(6)}${'invalid'.padStart(9)}${'wrong'.padStart(7)}`);
  for (const [name, row] of rows) {
    console.log(
      `${name.padEnd(16)}${`${row.cases}`.padStart(6)}${`${row.invalid}`.padStart(9)}${`${row.wrong}`.padStart(7)}`,
    );
  }
}
