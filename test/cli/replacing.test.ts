import { copyFile, cp, link, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './support/run-cli.ts';

const FIXTURE = path.resolve('test/fixtures/artifact-0.1');
const DATA = path.resolve('models/breast-cancer-logreg/test.json');
/** The first digits of the key id of the fixture. */
const KEY_ID = '6ea9fe47a2508cbb';
let root: string;
const run = (...words: string[]) => runCli(words, root);
const at = (...parts: string[]) => path.join(root, ...parts);

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'cli-replacing-'));
  await cp(FIXTURE, root, { recursive: true });
  await cp(at('breast-cancer-logreg'), at('artifact'), { recursive: true });
});
afterAll(() => rm(root, { recursive: true, force: true }));

const refused = (code: string) => ({
  code: 2,
  stdout: '',
  stderr: expect.stringMatching(new RegExp(`^${code} .*--force`)),
});

// In order: each test depends on the files of the previous one.
describe('setup of an artifact that has a key', () => {
  it('is refused from any source, and changes nothing', async () => {
    const before = await readFile(at('artifact', 'circuit.zkey'));
    for (const name of ['any.ptau', 'any.zkey']) await writeFile(at(name), '');
    for (const source of [['--dev'], ['--ptau', 'any.ptau'], ['--import', 'any.zkey']]) {
      expect(await run('setup', 'artifact', ...source)).toMatchObject(refused('QP5036'));
    }
    expect((await readFile(at('artifact', 'circuit.zkey'))).equals(before)).toBe(true);
    expect(await readdir(at('artifact'))).not.toContain('keys');
  });

  it('keeps the old key under its id with --force, and warns that weights can leak', async () => {
    const { code, stdout, stderr } = await run('setup', 'artifact', '--dev', '--force', '--json');
    expect(code, stderr).toBe(0);
    const { kept, notes, ids } = JSON.parse(stdout);
    expect(kept).toBe(`keys/${KEY_ID}`);
    expect(ids.keyId.slice(0, 16)).not.toBe(KEY_ID);
    expect(notes).toContainEqual(expect.stringMatching(/^Public input can reveal the first layer/));
    expect((await readdir(at('artifact', 'keys', KEY_ID))).sort()).toEqual([
      ...['circuit.zkey', 'model.json', 'setup.json', 'verification-key.json'],
    ]);
  });

  it('does not affect earlier proofs, nor proving with the old key', async () => {
    const kept = path.join('artifact', 'keys', KEY_ID);
    expect((await run('verify', 'proofs', '--model', kept)).code).toBe(0);
    expect((await run('verify', 'proofs', '--model', 'artifact')).code).toBe(1);
    const prove = () => run('prove', 'artifact', '--inputs', DATA, '--rows', '1', '--out', 'proofs');
    expect(await prove()).toMatchObject({ code: 2, stderr: expect.stringMatching(/^QP6202 /) });
    await cp(at(kept), at('artifact'), { recursive: true });
    const proved = await prove();
    expect(proved.code, proved.stderr).toBe(0);
    expect((await run('verify', 'proofs', '--model', kept)).code).toBe(0);
  });

  it('is refused too if an interrupted setup left a key without its record', async () => {
    await rm(at('artifact', 'setup.json'));
    expect(await run('setup', 'artifact', '--dev')).toMatchObject(refused('QP5036'));
  });
});

describe('receipt', () => {
  it('never overwrites the bundle or its model, even with --force or under another name', async () => {
    const bundle = at('proofs', '000000.proof.json');
    const before = await readFile(bundle, 'utf8');
    await link(bundle, at('other-name.html'));
    for (const out of ['proofs/000000.proof.json', 'proofs/../other-name.html', 'proofs/model.json']) {
      for (const force of [[], ['--force']]) {
        const found = await run('receipt', 'proofs/000000.proof.json', '--out', out, ...force);
        expect(found).toMatchObject({ code: 2, stderr: expect.stringMatching(/^QP1005 /) });
      }
    }
    expect(await readFile(bundle, 'utf8')).toBe(before);
  });

  it('is overwritten only with --force', async () => {
    const words = ['receipt', 'proofs/000000.proof.json'];
    expect((await run(...words)).code).toBe(0);
    expect(await run(...words)).toMatchObject(refused('QP1004'));
    expect((await run(...words, '--force')).code).toBe(0);
  });
});

describe('export', () => {
  it.each(['browser', 'solidity'])('to %s is overwritten only with --force', async (target) => {
    const words = ['export', 'proofs', '--target', target, '--out', target];
    expect((await run(...words)).code).toBe(0);
    const files = await readdir(at(target));
    expect(await run(...words)).toMatchObject(refused('QP1004'));
    expect((await run(...words, '--force')).code).toBe(0);
    await rm(at(target, files.at(-1)!), { recursive: true });
    expect(await run(...words)).toMatchObject(refused('QP1004'));
  });
});

describe('contribute to a bare key', () => {
  it('does not overwrite a file at --out', async () => {
    await writeFile(at('mine.zkey'), 'mine');
    await copyFile(at('artifact', 'circuit.zkey'), at('bare.zkey'));
    const found = await run('contribute', 'bare.zkey', '--out', 'mine.zkey');
    expect(found).toMatchObject(refused('QP1004'));
    expect(await readFile(at('mine.zkey'), 'utf8')).toBe('mine');
  });
});
