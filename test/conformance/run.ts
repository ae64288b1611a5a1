/**
 * Runs any verifier on the corpus and prints its wrong answers.
 *
 *   node test/conformance/dist/run.js [--batch] [--corpus <name>] [--only <class or id>] -- <command> [arguments]
 *
 * Runs our own verifier if no command is given, and both corpora (`bundles`, `bundles-v2`) without `--corpus`. `--batch`
 * requires that the command has the subcommand `batch`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Answer, type Case, CORPORA, type CorpusName } from './case-types.ts';
import { askMany, askOnce } from './implementation.ts';
import { judgeAll } from './judge.ts';
import { readCases } from './materialise.ts';
import { writeCase } from './write-files.ts';

const OWN = [process.execPath, fileURLToPath(new URL('quietproof-command.js', import.meta.url))];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { batch: { type: 'boolean' }, corpus: { type: 'string' }, only: { type: 'string' } },
});
const command = positionals.length > 0 ? positionals : OWN;
const corpora = CORPORA.filter((name) => values.corpus === undefined || name === values.corpus);
if (corpora.length === 0) throw new Error(`--corpus is one of ${CORPORA.join(', ')}`);

let allRight = true;
for (const corpus of corpora) allRight = (await run(corpus, values.only)) && allRight;
process.exitCode = allRight ? 0 : 1;

/** Whether every answer to the cases of a corpus is the expected one. */
async function run(corpus: CorpusName, only: string | undefined): Promise<boolean> {
  // A case that names another one's record needs that one too.
  const all = readCases(corpus);
  const wanted = all.filter(({ id }) => only === undefined || id === only || id.startsWith(`${only}/`));
  const cases = all.filter(
    (one) => wanted.includes(one) || wanted.some(({ sameRecordAs }) => sameRecordAs === one.id),
  );
  const folder = mkdtempSync(path.join(tmpdir(), 'conformance-'));
  try {
    const started = performance.now();
    const answers = await ask(cases, folder, corpus);
    const wrong = judgeAll(cases, answers);
    printTable(cases, wrong);
    for (const [id, reason] of wrong) console.log(`WRONG ${id}: ${reason}`);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${corpus}: ${cases.length - wrong.size} of ${cases.length} as expected, in ${seconds} s\n`);
    return wrong.size === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function ask(some: readonly Case[], folder: string, corpus: CorpusName): Promise<Map<string, Answer>> {
  const lists = some.map((one) => writeCase(one, folder, corpus));
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
