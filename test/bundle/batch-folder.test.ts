import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileJson, parseBundle, parseModelRecord, parseOpening, verifyBundle } from '@quietproof/verify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assembleBundle, bundleText } from '../../src/bundle/assemble-bundle.ts';
import { createRow, makePrivateFolder, writeModelRecord } from '../../src/bundle/batch-folder.ts';
import { bundlePath, listBundles, openingPath } from '../../src/bundle/batch-names.ts';
import { makeOpening } from '../../src/bundle/make-opening.ts';
import { GroupCommit } from '../../src/store/group-commit.ts';
import { DIGEST_SALT, DIGEST_VALUES, digestFixture, digestRecord } from '../verify/support/corpus.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'quietproof-bundle-'));
});
afterEach(() => rm(folder, { recursive: true }));

const model = digestRecord();
const bundle = assembleBundle(model, { ...digestFixture.proofs[0]!, row: { index: 7 } });
const opening = makeOpening(model, {
  index: 7,
  values: DIGEST_VALUES,
  salt: DIGEST_SALT,
  input: [-0.5, 0, 0.5, 1],
});
const texts = { bundle: bundleText(bundle), opening: fileJson(opening) };

test('a batch folder contains all that a verifier needs', async () => {
  await writeModelRecord(path.join(folder, 'model.json'), model);
  await makePrivateFolder(folder);
  await createRow(new GroupCommit(), folder, 7, texts);
  expect((await readdir(folder)).sort()).toEqual(['000007.proof.json', 'model.json', 'private']);
  expect(await readdir(path.join(folder, 'private'))).toEqual(['000007.opening.json']);

  const companion = await readFile(path.join(folder, 'model.json'));
  const verdict = verifyBundle(await readFile(bundlePath(folder, 7)), {
    companion,
    model: model.ids.modelId,
    input: { opening: await readFile(openingPath(folder, 7)) },
  });
  expect(verdict).toMatchObject({ accepted: true, row: 7, open: ['context-not-checked'] });
  expect(parseModelRecord(companion)).toEqual(model);
  expect(parseBundle(await readFile(bundlePath(folder, 7)))).toEqual(bundle);
});

test.skipIf(process.platform === 'win32')('openings are for their owner only', async () => {
  await makePrivateFolder(folder);
  await createRow(new GroupCommit(), folder, 0, texts);
  expect((await stat(openingPath(folder, 0))).mode & 0o777).toBe(0o600);
  expect((await stat(path.join(folder, 'private'))).mode & 0o777).toBe(0o700);
  expect(parseOpening(await readFile(openingPath(folder, 0)))).toEqual(opening);
});

test('no bundle is written if its opening cannot be', async () => {
  // A file in place of the folder of openings.
  await writeFile(path.join(folder, 'private'), '');
  await expect(createRow(new GroupCommit(), folder, 0, texts)).rejects.toMatchObject({
    code: 'QP1008',
  });
  expect(await readdir(folder)).toEqual(['private']);
});

test('neither the opening nor the bundle of a row is ever replaced', async () => {
  const files = new GroupCommit();
  await makePrivateFolder(folder);
  expect(await createRow(files, folder, 0, texts)).toBe('created');
  const other = makeOpening(model, { index: 7, values: DIGEST_VALUES, salt: DIGEST_SALT + 1n });
  expect(await createRow(files, folder, 0, { ...texts, opening: fileJson(other) })).toBe('opening');
  await rm(bundlePath(folder, 0));
  expect(await createRow(files, folder, 0, { ...texts, opening: fileJson(other) })).toBe('opening');
  expect(await readdir(folder)).toEqual(['private']);
  expect(parseOpening(await readFile(openingPath(folder, 0)))).toEqual(opening);
});

test('bundles are listed in order, and other files ignored', async () => {
  for (const name of [
    '000010.proof.json',
    '000002.proof.json',
    'model.json',
    '.000003.proof.json.0a1b2c3d.tmp',
    'x',
  ]) {
    await writeFile(path.join(folder, name), '');
  }
  const names = (await listBundles(folder)).map((file) => path.basename(file));
  expect(names).toEqual(['000002.proof.json', '000010.proof.json']);
  expect(path.basename(bundlePath(folder, 1_234_567))).toBe('1234567.proof.json');
});
