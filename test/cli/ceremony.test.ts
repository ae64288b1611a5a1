import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type CeremonySetup, readStatementFile } from '@quietproof/verify';
import { zKey } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectArtifact } from '../../src/artifact/inspect-artifact.ts';
import { withCurve } from '../../src/key/snarkjs-session.ts';
import { writeNewKeys } from '../../src/sign/signing-key.ts';
import { makePtau } from '../support/small-circuit.ts';
import { runCli, startCli } from './support/run-cli.ts';

const MODEL = path.resolve('models/breast-cancer-logreg/model.onnx');
const DATA = path.resolve('models/breast-cancer-logreg/test.json');
let root: string;
let ptau: string;
const run = (...words: string[]) => runCli(words, root);
/** What `inspect --json` prints. */
const inspected = (name = 'artifact') => inspectArtifact(path.join(root, name));
/** Digests of the files of a folder, by name, without those of its locks and stages. */
async function contentOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
  const digest = async (name: string) =>
    createHash('sha256')
      .update(await readFile(path.join(folder, name)))
      .digest('hex');
  return new Map(await Promise.all(names.map(async (name) => [name, await digest(name)] as const)));
}

const refused = (code: string) => ({ code: 2, stderr: expect.stringMatching(new RegExp(`^${code} `)) });
const prove = (out: string) => run('prove', 'artifact', '--inputs', DATA, '--rows', '0', '--out', out);

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'cli-ceremony-'));
  ptau = await makePtau(root, 8);
  const compiled = await run(
    'compile',
    MODEL,
    '--calibration',
    DATA,
    '--input',
    'public',
    '--out',
    'artifact',
  );
  expect(compiled.code, compiled.stderr).toBe(0);
});
afterAll(() => rm(root, { recursive: true, force: true }));

// In order: each test depends on the files of the previous one.
describe('a ceremony', () => {
  it('refuses a phase-1 file that is damaged, too small or missing', async () => {
    const small = await makePtau(root, 2);
    expect(await run('setup', 'artifact', '--ptau', small)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP5002 /),
    });
    await truncate(small, 500);
    expect(await run('setup', 'artifact', '--ptau', small)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP5001 /),
    });
    expect(await run('setup', 'artifact', '--ptau', 'none')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP1002 /),
    });
  });

  it('has not begun before there is a key, and a beacon cannot begin it', async () => {
    expect(await inspected()).toMatchObject({
      state: 'no key',
      contributions: 0,
      next: expect.stringMatching(/^quietproof setup .*artifact --ptau PTAU$/),
      otherwise: { command: expect.stringMatching(/artifact --dev$/) },
    });
    expect(await run('setup', 'artifact', '--beacon', '00ff')).toMatchObject(refused('QP5031'));
    expect(await prove('proofs')).toMatchObject(refused('QP6102'));
  });

  it('starts with a key that awaits a contribution and cannot be used to prove', async () => {
    const { code, stdout } = await run('setup', 'artifact', '--ptau', ptau);
    expect(code).toBe(0);
    expect(stdout).toContain('artifact is awaiting a contribution');
    expect(stdout).toContain('Phase 1: unrecognised');
    expect(await prove('proofs')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP6101 .*nobody has contributed.*quietproof contribute artifact/),
    });
    expect(await inspected()).toMatchObject({
      state: 'awaiting contribution',
      next: expect.stringMatching(/^quietproof contribute .*artifact$/),
      setup: { ptau: { name: 'unrecognised' } },
    });
    expect(await run('setup', 'artifact', '--beacon', '00ff')).toMatchObject(refused('QP5038'));
    expect(await run('setup', 'artifact')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP1001 .*is awaiting a contribution.*quietproof contribute artifact/),
    });
    const again = await run('setup', 'artifact', '--ptau', ptau);
    expect(again.stderr).toMatch(/^QP5036 .*is awaiting a contribution already.*quietproof contribute/);
  });

  it('is ready after one contribution, and not a development setup', async () => {
    const contributed = await run('contribute', 'artifact', '--name', 'Ada', '--json');
    expect(contributed.code).toBe(0);
    const { contribution, state, ids, kept, notes } = JSON.parse(contributed.stdout);
    expect(kept).toMatch(/^keys\/[0-9a-f]{16}$/);
    expect(notes).toEqual([expect.stringMatching(/^Public input can reveal the first layer/)]);
    expect(state).toBe('ready');
    expect(contribution).toMatchObject({
      name: 'Ada',
      kind: 'contribution',
      hash: expect.stringMatching(/^[0-9a-f]{128}$/),
    });
    expect((await prove('proofs')).code).toBe(0);
    const words = ['--model', ids.modelId, '--json', '--details'];
    const { code, stdout } = await run('verify', 'proofs', ...words);
    expect(code).toBe(0);
    const { verdict } = JSON.parse(stdout.split('\n')[0]!);
    expect(verdict.model.setup).toBe('ceremony');
    expect(verdict.warnings).toEqual([]);
  });

  it('continues elsewhere, and returns with --import', async () => {
    await writeNewKeys(path.join(root, 'grace.pem'));
    const contributing = ['contribute', 'artifact/circuit.zkey', '--name', 'Grace', '--out', 'grace.zkey'];
    const r1cs = ['--r1cs', 'artifact/circuit.r1cs'];
    expect(await run(...contributing, ...r1cs)).toMatchObject(refused('QP1001'));
    const elsewhere = await run(...contributing, '--sign', 'grace.pem', ...r1cs, '--ptau', ptau);
    expect(elsewhere.code, elsewhere.stderr).toBe(0);
    expect(elsewhere.stdout).toContain('checked against the circuit and the phase 1: unrecognised');
    const [signed] = (await readdir(root)).filter((name) => name.startsWith('contribution-2'));
    const { statement } = readStatementFile(await readFile(path.join(root, signed!)));
    const { circuitId, setup: recorded } = await inspected();
    expect(statement.predicate).toMatchObject({
      index: 2,
      checked: { circuitId, phase1: (recorded as CeremonySetup).ptau },
    });
    expect(elsewhere.stdout).toContain('If the input is public, the key can reveal the first layer');
    const before = JSON.parse(await readFile(path.join(root, 'artifact/model.json'), 'utf8'));
    const { code, stdout } = await run('setup', 'artifact', '--import', 'grace.zkey', '--json');
    expect(code).toBe(0);
    const { setup, ids, kept } = JSON.parse(stdout);
    expect(kept).toBe(`keys/${before.ids.keyId.slice(0, 16)}`);
    expect(setup.contributions.map(({ name }: { name: string }) => name)).toEqual(['Ada', 'Grace']);
    expect(ids.modelId).not.toBe(before.ids.modelId);
    expect(await prove('proofs')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP6202 .*another model/),
    });
    expect(await inspected()).toMatchObject({ state: 'ready', contributions: 2, ids });
  });

  it('ends with a beacon, byte for byte the one of snarkjs', async () => {
    expect(await run('setup', 'artifact', '--beacon', '0x00ff')).toMatchObject(refused('QP5037'));
    expect(await run('setup', 'artifact', '--iterations', '12', '--dev')).toMatchObject(refused('QP1001'));
    const { code, stdout } = await run(
      'setup',
      'artifact',
      '--beacon',
      '00FF',
      '--iterations',
      '11',
      '--json',
    );
    expect(code).toBe(0);
    const { state, kept, next, ids } = JSON.parse(stdout);
    expect({ state, next }).toEqual({
      state: 'finished',
      next: 'quietproof prove artifact --inputs DATA --out proofs',
    });
    const before = await readFile(path.join(root, 'artifact', kept, 'circuit.zkey'));
    const target = { type: 'mem' as const, data: new Uint8Array() };
    await withCurve(() => zKey.beacon(before, target, 'beacon', '00ff', 11));
    const made = await readFile(path.join(root, 'artifact/circuit.zkey'));
    expect(Buffer.compare(made, target.data)).toBe(0);

    const report = await run('inspect', 'artifact');
    expect(report.stdout).toContain('artifact is finished with a beacon, after 2 contributions');
    expect(report.stdout).toMatch(/contribution 2 +Grace, [0-9a-f]{16}…\n +beacon 3 +beacon/);
    expect(await run('setup', 'artifact', '--beacon', '00ff')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP5038 .*ended already, with the beacon 00ff/),
    });
    expect((await prove('finished')).code).toBe(0);
    const verified = await run('verify', 'finished', '--model', ids.modelId, '--json', '--details');
    const { verdict } = JSON.parse(verified.stdout.split('\n')[0]!);
    expect(JSON.stringify(verdict.checks)).toContain('1 beacon made from the bytes given');
  });

  describe('interrupted while it begins again', () => {
    const copy = () => path.join(root, 'copy');
    const begin = () => startCli(['setup', 'copy', '--ptau', ptau, '--force'], root);
    beforeAll(() => cp(path.join(root, 'artifact'), copy(), { recursive: true }));

    it.each([
      ['killed as it writes', 'SIGKILL', '.staged-'],
      ['stopped with Ctrl-C', 'SIGINT', '.quietproof.owner'],
    ] as const)('%s, it leaves the state before whole', async (_, signal, sign) => {
      const before = await contentOf(copy());
      const { child, result } = begin();
      while (!(await readdir(copy())).some((name) => name.startsWith(sign))) {
        expect(child.exitCode).toBeNull();
        await setTimeout(1);
      }
      child.kill(signal);
      expect((await result).code).not.toBe(0);
      const { state, contributions } = await inspected('copy');
      if (signal === 'SIGKILL' && state === 'awaiting contribution') {
        // It had decided: then the next command finishes what it began.
        await rm(copy(), { recursive: true });
        return cp(path.join(root, 'artifact'), copy(), { recursive: true });
      }
      expect({ state, contributions }).toEqual({ state: 'finished', contributions: 2 });
      const after = await contentOf(copy());
      for (const [name, digest] of before) expect([name, after.get(name)]).toEqual([name, digest]);
    });

    it('runs again, and leaves nothing of the attempts', async () => {
      const before = await readdir(copy());
      expect(await begin().result).toMatchObject({ code: 0 });
      const names = await readdir(copy());
      expect(names.filter((name) => name.startsWith('.staged-') || name.includes('.tmp'))).toEqual([]);
      expect(names.filter((name) => !before.includes(name))).toEqual([]);
      expect(await inspected('copy')).toMatchObject({ state: 'awaiting contribution', contributions: 0 });
      expect(await readdir(path.join(copy(), 'keys'))).toHaveLength(4);
    });
  });
});
