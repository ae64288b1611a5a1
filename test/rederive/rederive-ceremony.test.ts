import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../cli/support/run-cli.ts';
import { holdCurve, makePtau } from '../support/small-circuit.ts';
import { must, quietproof, rederived as rederivedFrom } from './in-process.ts';

const MODEL = path.join('models', 'breast-cancer-logreg', 'model.onnx');
const DATA = path.join('models', 'breast-cancer-logreg', 'test.json');
/** The smallest power for 22 constraints and 32 public signals. */
const POWER = 6;
let root: string;
let ptau: string;
let release: () => Promise<void>;
const at = (...parts: string[]) => path.join(root, ...parts);

const rederived = (target: string, files: { zkey?: string; ptau?: string }, ...more: string[]) => {
  const words = Object.entries(files).flatMap(([name, file]) => [`--${name}`, file]);
  return rederivedFrom(target, '--model', MODEL, ...words, ...more);
};

async function edited<T>(
  file: string,
  from: string | RegExp,
  to: string,
  body: () => Promise<T>,
): Promise<T> {
  const original = await readFile(file, 'utf8');
  const changed = original.replace(from, to);
  expect(changed).not.toBe(original);
  await writeFile(file, changed);
  return body().finally(() => writeFile(file, original));
}

const compile = (out: string, output: 'label' | 'logits') =>
  must(
    ...['compile', MODEL, '--calibration', DATA, '--input', 'public', '--bits', '8'],
    ...['--output', output, '--out', out, '--accept-loss'],
  );

beforeAll(async () => {
  release = await holdCurve();
  root = await mkdtemp(path.join(tmpdir(), 'rederive-ceremony-'));
  ptau = await makePtau(root, POWER);
  await compile(at('artifact'), 'label');
  await must('setup', at('artifact'), '--ptau', ptau);
  await copyFile(at('artifact', 'circuit.zkey'), at('initial.zkey'));
  await must('contribute', at('artifact'), '--name', 'Ada');
  // Provers run the built code, in other processes.
  const proved = await runCli([
    'prove',
    at('artifact'),
    '--inputs',
    DATA,
    '--rows',
    '0',
    '--out',
    at('proofs'),
  ]);
  expect(proved.code, proved.stderr).toBe(0);
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
  await release();
});

const own = () => ({ zkey: at('artifact', 'circuit.zkey'), ptau });
const bundle = () => at('proofs', '000000.proof.json');

describe('rederive, to the end of a ceremony', () => {
  it('ends in "this verification key is this model", from the artifact', async () => {
    const { code, verdict, stopsAt, links } = await rederived(at('artifact'), own());
    expect({ code, verdict, stopsAt }).toEqual({
      code: 0,
      verdict: 'this verification key is this model',
      stopsAt: undefined,
    });
    expect(links.map(({ link }) => link)).toEqual([
      ...['model record', 'source model', 'scales', 'integer graph', 'bounds', 'interface', 'name'],
      ...['circom source', 'circuit', 'soundness', 'claims', 'other claims'],
      ...['key', 'ceremony', 'phase 1', 'contributions', 'transcript', 'contributors', 'verification key'],
    ]);
    const status = (wanted: string) => links.filter((link) => link.status === wanted).map(({ link }) => link);
    expect(status('taken')).toEqual(['scales', 'phase 1']);
    expect(status('unchecked')).toEqual(['name', 'other claims', 'contributors']);
    expect(status('same')).toHaveLength(links.length - 5);
    expect(links.find(({ link }) => link === 'contributions')?.what).toMatch(/^Ada \(contribution, /);
  });

  it('ends there from a bundle too, with calibration rows instead of recorded scales', async () => {
    const found = await rederived(bundle(), own(), '--calibration', DATA);
    expect(found).toMatchObject({ code: 0, verdict: 'this verification key is this model' });
    expect(found.links.find(({ link }) => link === 'bundle')?.status).toBe('same');
  });

  it('says no more than the given files support', async () => {
    const { zkey } = own();
    const weaker = { code: 0, verdict: 'this circuit is this model' };
    expect(await rederived(at('artifact'), {})).toMatchObject({ ...weaker, stopsAt: 'key' });
    expect(await rederived(at('artifact'), { zkey })).toMatchObject({ ...weaker, stopsAt: 'ceremony' });
  });
});

describe('rederive with a broken link in the ceremony', () => {
  it.each([
    ['a key of another circuit', 'foreign.zkey', 'key', 'QP5021'],
    ['a key with another contribution', 'eve.zkey', 'contributions', 'lists others'],
    ['a key with one contribution more', 'more.zkey', 'contributions', 'lists others'],
    ['a key that nobody contributed to', 'initial.zkey', 'contributions', 'lists others'],
    ['a development key', 'development.zkey', 'ceremony', 'QP5032'],
  ])('names it: %s', async (_, name, stopsAt, what) => {
    await makeKey(name);
    const found = await rederived(at('artifact'), { ...own(), zkey: at(name) });
    expect(found).toMatchObject({ code: 1, verdict: 'broken', stopsAt });
    const broken = found.links.find(({ status }) => status === 'differs');
    expect(broken).toMatchObject({ link: stopsAt, what: expect.stringContaining(what) });
  });

  it('names it: another phase 1, and one that is too small', async () => {
    const other = await makePtau(await mkdtemp(at('other-')), POWER);
    const found = await rederived(at('artifact'), { ...own(), ptau: other });
    expect(found).toMatchObject({ code: 1, verdict: 'broken', stopsAt: 'ceremony' });
    expect(found.links.at(-1)?.what).toMatch(/^QP5021 .*its circuit hash differs/);
    const small = await rederived(at('artifact'), { ...own(), ptau: await makePtau(root, 2) });
    expect(small).toMatchObject({ code: 1, verdict: 'broken', stopsAt: 'ceremony' });
  });

  it('refuses files that do not exist, without calling a link broken', async () => {
    for (const files of [
      { zkey: at('none'), ptau },
      { ...own(), ptau: at('none') },
    ]) {
      const words = ['--model', MODEL, '--zkey', files.zkey, '--ptau', files.ptau];
      const found = await quietproof('rederive', at('artifact'), ...words);
      expect(found).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('QP1002 ') });
    }
  });
});

describe('rederive with a changed claim', () => {
  it.each([
    ['source', 'source model'],
    ['integerGraph', 'integer graph'],
    ['circom', 'circom source'],
    ['circuit', 'circuit'],
  ])('names the first link: %s in the manifest', async (key, stopsAt) => {
    const digest = new RegExp(`("${key}": ?)"[0-9a-f]{64}"`);
    const found = await edited(at('artifact', 'manifest.json'), digest, `$1"${'ab'.repeat(32)}"`, () =>
      rederived(at('artifact'), own()),
    );
    expect(found).toMatchObject({ code: 1, verdict: 'broken', stopsAt });
  });

  it('names the record: a verification key with the id of another, or a published phase 1 with the same ids', async () => {
    const file = at('proofs', 'model.json');
    const words = ['--calibration', DATA];
    const keyId = await edited(file, /("keyId": ?)"[0-9a-f]{64}"/, `$1"${'ab'.repeat(32)}"`, () =>
      rederived(file, own(), ...words),
    );
    expect(keyId).toMatchObject({ code: 1, verdict: 'broken', stopsAt: 'model record' });
    expect(keyId.links.at(-1)?.what).toMatch(/^QP7102 /);
    const phase1 = await edited(file, '"unrecognised"', '"powersOfTau28_hez_final_08.ptau"', () =>
      rederived(file, own(), ...words),
    );
    expect(phase1).toMatchObject({ code: 1, verdict: 'broken', stopsAt: 'model record' });
    expect(phase1.links.at(-1)?.what).toMatch(/^QP7104 /);
  });

  it('names the phase 1 that a setup falsely claims, with matching ids', async () => {
    const folder = await mkdtemp(at('boasting-'));
    await cp(at('artifact'), folder, { recursive: true });
    const setup = path.join(folder, 'setup.json');
    const original = await readFile(setup, 'utf8');
    // With the published name, the record itself would be refused.
    await writeFile(setup, original.replace('"unrecognised"', '"powersOfTau28_hez_final_08.ptau"'));
    const refused = await quietproof('contribute', folder, '--name', 'Ada');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('QP7190 ') });
    await writeFile(setup, original.replace(/("blake2b": ?)"[0-9a-f]{128}"/, `$1"${'ab'.repeat(64)}"`));
    await must('contribute', folder, '--name', 'Ada');
    const found = await rederived(folder, { zkey: path.join(folder, 'circuit.zkey'), ptau });
    expect(found).toMatchObject({ code: 1, verdict: 'broken', stopsAt: 'phase 1' });
  });

  it('names the model record of another artifact, and a bundle of another model', async () => {
    await makeKey('foreign.zkey');
    const foreign = at('foreign', 'model.json');
    const folder = await mkdtemp(at('mixed-'));
    await cp(at('artifact'), folder, { recursive: true });
    await copyFile(foreign, path.join(folder, 'model.json'));
    const found = await rederived(folder, own());
    expect(found).toMatchObject({ code: 1, verdict: 'broken', stopsAt: 'model record' });
    await copyFile(bundle(), path.join(folder, 'row.proof.json'));
    const mismatched = await rederived(path.join(folder, 'row.proof.json'), own(), '--calibration', DATA);
    expect(mismatched).toMatchObject({ code: 1, verdict: 'broken', stopsAt: 'bundle' });
  });
});

const made = new Map<string, Promise<unknown>>();

/** Writes a key other than the artifact's to the root, once. */
function makeKey(name: string): Promise<unknown> {
  if (!made.has(name)) made.set(name, MAKERS[name]!(at(name)));
  return made.get(name)!;
}

const MAKERS: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  'initial.zkey': async () => {},
  'eve.zkey': (file) => must('contribute', at('initial.zkey'), '--name', 'Ada', '--out', file),
  'more.zkey': (file) => must('contribute', own().zkey, '--name', 'Grace', '--out', file),
  'development.zkey': async (file) => {
    const folder = await mkdtemp(at('development-'));
    await cp(at('artifact'), folder, { recursive: true });
    await must('setup', folder, '--dev', '--force');
    await copyFile(path.join(folder, 'circuit.zkey'), file);
  },
  'foreign.zkey': async (file) => {
    await compile(at('foreign'), 'logits');
    await must('setup', at('foreign'), '--ptau', ptau);
    await must('contribute', at('foreign'), '--name', 'Ada');
    await copyFile(at('foreign', 'circuit.zkey'), file);
  },
};
