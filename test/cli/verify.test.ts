import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileJson } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleBundle, bundleText } from '../../src/bundle/assemble-bundle.ts';
import {
  createRow,
  makePrivateFolder,
  writeBundle,
  writeModelRecord,
} from '../../src/bundle/batch-folder.ts';
import { bundlePath } from '../../src/bundle/batch-names.ts';
import { makeOpening, makeOpeningV2 } from '../../src/bundle/make-opening.ts';
import { GroupCommit } from '../../src/store/group-commit.ts';
import {
  DIGEST_SALT,
  DIGEST_VALUES,
  digestFixture,
  digestRecord,
  publicBundle,
} from '../verify/support/corpus.ts';
import { manyBundles } from '../verify/support/many.ts';
import { ROW as MIXED_ROW, MixedModel, SALT } from '../verify/support/mixed-model.ts';
import { runCli } from './support/run-cli.ts';

const model = digestRecord();
const id = model.ids.modelId;
/** DIGEST_VALUES in the units of the interface: offset −1, step 0.5. */
const ROW = '[-0.5, 0, 0.5, 1]';
let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'cli-verify-'));
  const proofs = path.join(root, 'proofs');
  await makePrivateFolder(proofs);
  await writeModelRecord(path.join(proofs, 'model.json'), model);
  const opening = makeOpening(model, { index: 0, values: DIGEST_VALUES, salt: DIGEST_SALT });
  for (const index of [0, 1]) {
    const bundle = assembleBundle(model, { ...digestFixture.proofs[index]!, row: { index } });
    await createRow(new GroupCommit(), proofs, index, {
      bundle: bundleText(bundle),
      ...(index === 0 && { opening: fileJson(opening) }),
    });
  }
  await writeBundle(path.join(root, 'public.proof.json'), publicBundle());
  const text = await readFile(bundlePath(proofs, 0), 'utf8');
  const { publicSignals } = JSON.parse(text);
  await writeFile(
    path.join(root, 'changed.proof.json'),
    text.replace(`"${publicSignals[1]}"`, `"${BigInt(publicSignals[1]) + 1n}"`),
  );
});
afterAll(() => rm(root, { recursive: true }));

const verify = (...words: string[]) => runCli(['verify', ...words], root);
const FIRST = path.join('proofs', '000000.proof.json');

describe('verify', () => {
  it('accepts pinned proofs, and names the development setup', async () => {
    const { code, stdout, stderr } = await verify('proofs', '--model', id);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('2 proofs: 2 valid\n');
    expect(stdout).toContain('DEVELOPMENT SETUP');
  });

  it('accepts a folder as the model too', async () => {
    expect((await verify(FIRST, '--model', 'proofs')).code).toBe(0);
  });

  it('says valid but exits 1 if no model was named', async () => {
    const { code, stdout } = await verify(FIRST);
    expect(code).toBe(1);
    expect(stdout).toContain('interface not pinned');
    expect(stdout).toContain('--any-model');
  });

  it('accepts any model with --any-model', async () => {
    const { code, stdout } = await verify('public.proof.json', '--any-model');
    expect(code).toBe(0);
    expect(stdout).toContain('interface not pinned');
  });

  it('refuses another model and a changed bundle, and names the failed check', async () => {
    const other = await verify('public.proof.json', '--model', id);
    expect(other.code).toBe(1);
    expect(other.stdout).toMatch(/QP7601.*\[check: model\]/);
    await writeFile(path.join(root, 'model.json'), await readFile(path.join(root, 'proofs', 'model.json')));
    const changed = await verify('changed.proof.json', '--model', id);
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(/QP7203.*\[check: binding\]/);
  });

  it('checks the input: opened, another row, no opening', async () => {
    const opening = path.join('proofs', 'private', '000000.opening.json');
    const about = ['verify', FIRST, '--model', id, '--opening', opening, '--input'];
    const right = await runCli([...about, ROW], root);
    expect(right.code).toBe(0);
    expect(right.stdout).not.toContain('input not opened');
    const wrong = await runCli([...about, '[-0.5, 0, 0.5, 7]'], root);
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toContain('QP7604');
    expect((await verify(FIRST, '--model', id, '--input', ROW)).stdout).toContain('QP7606');
  });

  it('accepts a row of a data file', async () => {
    await writeFile(path.join(root, 'rows.json'), `[[0, 0, 0, 0], ${ROW}]`);
    const opening = path.join('proofs', 'private', '000000.opening.json');
    const given = (input: string) => verify(FIRST, '--model', id, '--opening', opening, '--input', input);
    expect((await given('rows.json#1')).code).toBe(0);
    expect((await given('rows.json#0')).code).toBe(1);
    expect(await given('rows.json')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP1001 .*rows.json#0/),
    });
    expect(await given('rows.json#2')).toMatchObject({ code: 2, stderr: expect.stringMatching(/^QP1122 /) });
  });

  it('refuses to apply one input to many proofs', async () => {
    expect(await verify('proofs', '--model', id, '--input', ROW)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP1001 .*2 were given/),
    });
  });

  it('checks the context', async () => {
    expect((await verify(FIRST, '--model', id, '--context', 'another')).stdout).toContain('QP7602');
  });

  it('with --json prints one object for one proof, or a line per proof and a summary', async () => {
    const one = await verify(FIRST, '--model', id, '--json');
    expect({ code: one.code, stderr: one.stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(one.stdout)).toMatchObject({
      accepted: true,
      verdicts: [{ file: FIRST, verdict: { valid: true, pinned: true, row: 0 } }],
    });
    const many = await verify('proofs', FIRST, '--model', id, '--json');
    const lines = many.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.slice(0, -1).map(({ file }) => path.basename(file))).toEqual([
      '000000.proof.json',
      '000001.proof.json',
      '000000.proof.json',
    ]);
    expect(lines.at(-1)).toMatchObject({
      accepted: true,
      summary: { total: 3, valid: 3, failures: [], duplicates: [{ files: [FIRST, FIRST] }] },
    });
  });

  it('names failures and duplicates among many', async () => {
    const folder = path.join(root, 'many');
    await mkdir(folder);
    await writeModelRecord(path.join(folder, 'model.json'), model);
    for (const [row, text] of manyBundles(model, 140).entries())
      await writeFile(bundlePath(folder, row), text);
    const copy = await readFile(bundlePath(folder, 5), 'utf8');
    await writeFile(bundlePath(folder, 140), copy);
    const other = JSON.parse(await readFile(bundlePath(folder, 6), 'utf8')).proof.pi_c[0];
    const [, x] = /"pi_c": \[\s*"(\d+)"/.exec(copy)!;
    await writeFile(bundlePath(folder, 141), copy.replace(x!, other));
    const { code, stdout, stderr } = await verify('many', '--model', id);
    expect(code).toBe(1);
    expect(stdout).toContain('142 proofs: 141 valid, 1 not valid (QP7502: 1)');
    expect(stdout).toMatch(/✗ many.000141\.proof\.json/);
    // The fixture has few proofs, each with many row indices.
    expect(stdout).toMatch(
      /the same record \d+ times \(one proof under several statements\): many.000001\.proof\.json, many.00000\d\.proof\.json, many.00000\d\.proof\.json and \d+ more/,
    );
    expect(stderr).toContain('checked 142 of 142');
  });

  it('accepts rows with texts, and a tolerance, for a bundle of version 2', async () => {
    const mixed = new MixedModel();
    const opening = makeOpeningV2(mixed.record, { values: mixed.values, salt: SALT });
    await writeFile(path.join(root, 'v2.proof.json'), fileJson(mixed.bundle()));
    await writeFile(path.join(root, 'v2.opening.json'), fileJson(opening));
    const asked = ['v2.proof.json', '--any-model', '--opening', 'v2.opening.json', '--input'];
    const { code, stdout } = await verify(...asked, JSON.stringify(MIXED_ROW));
    expect([code, stdout]).toEqual([0, expect.stringContaining('answer: band: "C"')]);
    expect(stdout).toContain("rounded to the model's steps; farthest: feature 3, 0.2 from it (step 0.5)");
    expect((await verify(...asked, JSON.stringify(MIXED_ROW), '--tolerance', '0.25')).stdout).toContain(
      'QP7607',
    );
    expect((await verify(...asked, JSON.stringify(MIXED_ROW.with(2, 'car')))).stdout).toContain('QP7604');
    expect((await verify('v2.proof.json', '--any-model', '--tolerance', '0.25')).code).toBe(2);
    expect((await verify(...asked, JSON.stringify(MIXED_ROW), '--tolerance', '0.6')).code).toBe(2);
  });

  it('identifies copies of one bundle', async () => {
    const folder = path.join(root, 'copies');
    await mkdir(folder);
    await writeModelRecord(path.join(folder, 'model.json'), model);
    const [text] = manyBundles(model, 1);
    for (const row of [5, 140]) await writeFile(bundlePath(folder, row), text!);
    const { stdout } = await verify('copies', '--model', id);
    expect(stdout).toMatch(
      /the same record 2 times \(copies of one bundle\): copies.000005\.proof\.json, copies.000140\.proof\.json/,
    );
  });

  it('checks the bundle in a receipt, and refuses a page without one', async () => {
    const made = await runCli(['receipt', FIRST, '--out', 'receipt.html'], root);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('DEVELOPMENT setup') });
    expect((await verify('receipt.html', '--model', id)).code).toBe(0);
    await writeFile(path.join(root, 'page.html'), '<!doctype html>');
    expect(await verify('page.html', '--any-model')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('QP7011'),
    });
  });

  it('exits 2 if there is nothing to verify', async () => {
    const missing = await verify('nowhere.proof.json', '--any-model');
    expect(missing).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^QP1002 .*nowhere/),
    });
    await mkdir(path.join(root, 'empty'));
    expect(await verify('empty', '--any-model')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP1002 /),
    });
  });
});
