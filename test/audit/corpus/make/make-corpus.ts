/**
 * Writes the folders of the corpus from material/: what was handed in, what an auditor asks, and what is to be found. It
 * uses no randomness: the same material gives the same bytes.
 *
 *   npm run corpus
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Files } from '../../support/audit-of.ts';
import { cleanFolders } from './clean-folders.ts';
import type { CorpusCase } from './corpus-types.ts';
import { faultyBatches, faultyLogs } from './faulty-folders.ts';
import { CORPUS, type Models, materialOf } from './material.ts';
import { CHANGE, statementsAbout, trustText } from './parties.ts';

const models: Models = { first: materialOf('first'), second: materialOf('second'), open: materialOf('open') };

function write(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const file = new URL(`${folder}/${name}`, CORPUS);
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, content);
  }
}

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

function writeCase({ name, asked, files, list, expected }: CorpusCase): void {
  rmSync(new URL(`folders/${name}`, CORPUS), { recursive: true, force: true });
  write(`folders/${name}`, {
    'asked.json': json(asked),
    'expected.json': json(expected),
    ...(list !== undefined && { 'list.csv': list }),
  });
  write(`folders/${name}/handed-in`, files);
}

const from = '2026-09-20T00:00:00Z';
const { first, second, open } = models;
write('given', {
  'trust.json': trustText(first),
  'compromised.json': trustText(first, ({ parties }) => {
    Object.assign(parties.Audit!.keys[0]!, { state: 'compromised', since: '2026-11-01T00:00:00Z' });
  }),
});
write('given/first', statementsAbout(first, { from }));
write('given/second', statementsAbout(second, { from: CHANGE, retires: [first.modelId] }));
write('given/open', statementsAbout(open, { from }));

const cases = [...(await cleanFolders(models)), ...faultyBatches(models), ...(await faultyLogs(models))];
for (const one of cases) writeCase(one);
console.log(`${cases.length} folders`);
