import { rmSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { fileJson } from '@quietproof/verify';
import { afterAll, expect, test } from 'vitest';
import { BUNDLE_SUFFIX } from '../../../src/verify/command/find-bundles.ts';
import type { FileVerdict } from '../../../src/verify/command/verify-files.ts';
import type * as Threads from '../../../src/verify/command/verify-threads.ts';
import { manyBundles } from '../support/many.ts';
import { modelId, PROGRAM_NAMES, ProofFolder, record } from './support.ts';

// Threads run the built package; `npm test` builds it first.
const built = new URL('../../../src/verify/dist/node/verify-threads.js', import.meta.url).href;
const { verifyInThreads, FILES_PER_MESSAGE } = (await import(built)) as typeof Threads;

const folder = new ProofFolder();
afterAll(() => rmSync(folder.root, { recursive: true }));
const name = (row: number) => `${String(row).padStart(6, '0')}${BUNDLE_SUFFIX}`;

/** Bundles that cost next to nothing, and where they are. */
function junk(under: string, count: number) {
  return Array.from({ length: count }, (_, row) => {
    const file = path.join(folder.root, folder.put(`${under}/${name(row)}`, 'junk'));
    return { file, named: false };
  });
}

const setup = { options: { anyModel: true }, expected: [] };

async function codesOf(verdicts: AsyncIterable<FileVerdict>): Promise<(string | undefined)[]> {
  const codes = [];
  for await (const { verdict } of verdicts) codes.push(verdict.code);
  return codes;
}

test.each(PROGRAM_NAMES)(
  '%s: many files give lines in their order, and the good among the bad',
  (program) => {
    folder.put('many/model.json', fileJson(record));
    const good = new Map(manyBundles(record, 12).map((text, index) => [index * 17, text]));
    for (let row = 0; row < 200; row += 1) folder.put(`many/${name(row)}`, good.get(row) ?? 'junk');
    const { status, stdout } = folder.run(program, ['many', '--model', modelId, '--json']);
    expect(status).toBe(1);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(201);
    for (const [row, { file, verdict }] of lines.slice(0, -1).entries()) {
      expect(file).toBe(path.join('many', name(row)));
      expect(verdict.outcome, file).toBe(good.has(row) ? 'valid' : 'invalid');
      if (good.has(row)) expect(verdict.row).toBe(row / 17);
    }
    expect(lines.at(-1)).toMatchObject({ summary: { total: 200, valid: 12 } });
  },
);

test('a bounded number of files is under way, however slowly verdicts are taken', async () => {
  const threads = 2;
  const most = 2 * threads * FILES_PER_MESSAGE;
  const files = junk('slow', 3 * most);
  const verdicts = verifyInThreads(files, setup, threads);
  const first = await verdicts.next();
  expect(first.value).toMatchObject({ file: files[0]!.file, verdict: { code: 'QP7001' } });
  // Whatever has not been read by now is read no more.
  for (const { file } of files.slice(most)) unlinkSync(file);
  const codes = await codesOf(verdicts);
  expect(codes.slice(0, most - 1)).toEqual(Array.from({ length: most - 1 }, () => 'QP7001'));
  expect(codes.slice(most - 1)).toEqual(Array.from({ length: files.length - most }, () => 'QP7014'));
});

test('an error of the system ends the command as in the calling thread', async () => {
  const files = [...junk('error', 2), { file: path.join(folder.root, 'none'), named: true }];
  const verdicts = verifyInThreads(files, setup, 2);
  await expect(codesOf(verdicts)).rejects.toMatchObject({ code: 'ENOENT', path: files[2]!.file });
});

test('a thread that cannot start fails the command, and a checker that cannot be loaded does not', async () => {
  const files = junk('start', 3);
  const broken = { ...setup, expected: [new Uint8Array()] };
  await expect(codesOf(verifyInThreads(files, broken, 2))).rejects.toThrow('QP7');
  const checked = { ...setup, checker: 'file:///no/such/module.js' };
  expect(await codesOf(verifyInThreads(files, checked, 2))).toEqual(['QP7001', 'QP7001', 'QP7001']);
});
