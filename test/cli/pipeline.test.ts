import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAnyBundle, parseAnyOpening } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USUAL_BACKEND } from '../support/backends.ts';
import { canMount, runOnSmallDisk } from '../support/small-disk.ts';
import { runCli, startCli } from './support/run-cli.ts';

const MODEL = path.resolve('models/digits-mlp/model.onnx');
const DATA = path.resolve('models/digits-mlp/test.json');
let root: string;
const run = (...words: string[]) => runCli(words, root);

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'cli-pipeline-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

// One model through every command, in order: each test depends on the files of the previous one.
describe('the commands, in order', () => {
  it('inspect predicts cost by layer', async () => {
    const { code, stdout, stderr } = await run('inspect', MODEL);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/\/1\/Relu +Relu +32 +0 +\d+/);
    const json = JSON.parse((await run('inspect', MODEL, '--json', '--calibration', DATA)).stdout);
    expect(json).toMatchObject({
      ...{ name: 'digits-mlp', basis: 'calibration' },
      outputs: [{ scores: 10, decision: { kind: 'argmax' } }],
    });
  });

  it('compile writes an artifact to artifacts/<name>, and progress to stderr', async () => {
    const { code, stdout, stderr } = await run('compile', MODEL, '--calibration', DATA);
    expect(code).toBe(0);
    expect(stdout).toContain('digits-mlp compiled into artifacts/digits-mlp');
    expect(stdout).toMatch(/^not judged: 333 of 598 rows\. digits-mlp compiled/);
    expect(stdout).not.toContain('✓');
    expect(stdout).toContain('float 97.9 % right');
    expect(stderr).toContain('compiling the circuit with circom');
    expect(await readdir(path.join(root, 'artifacts/digits-mlp'))).toContain('manifest.json');
  });

  it('compile --dump prints a stage and writes nothing', async () => {
    const words = ['compile', MODEL, '--calibration', DATA, '--out', 'never', '--dump'];
    expect((await run(...words, 'circom')).stdout).toMatch(/^\/\/|^pragma circom/);
    expect(JSON.parse((await run(...words, 'float')).stdout).nodes).toHaveLength(3);
    expect(JSON.parse((await run(...words, 'integer')).stdout)).toHaveProperty('nodes');
    await expect(stat(path.join(root, 'never'))).rejects.toThrow('ENOENT');
  });

  it('prove refuses an artifact without a key', async () => {
    const words = ['prove', 'artifacts/digits-mlp', '--inputs', DATA, '--out', 'proofs'];
    expect(await run(...words)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^QP6102 .*quietproof setup/),
    });
  });

  it('setup --dev makes a key and names the model', async () => {
    const { code, stdout } = await run('setup', 'artifacts/digits-mlp', '--dev', '--json');
    expect(code).toBe(0);
    const { state, setup, ids } = JSON.parse(stdout);
    expect({ state, kind: setup.kind }).toEqual({ state: 'ready', kind: 'development' });
    expect(ids.modelId).toMatch(/^[0-9a-f]{64}$/);
  });

  it('contribute refuses a development key', async () => {
    expect(await run('contribute', 'artifacts/digits-mlp')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP5032 /),
    });
  });

  it('prove proves rows, and keeps them if run again', async () => {
    const words = ['prove', 'artifacts/digits-mlp', '--inputs', DATA, '--rows', '2-4', '--out', 'proofs'];
    const first = await run(...words);
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(
      /3 proofs in proofs\n.*proofs\/s with .* in \d+ workers?; peak memory \d+ MB, [\d.]+ [kM]B of it the key/,
    );
    expect(first.stdout).toContain(` with ${USUAL_BACKEND.name} `);
    expect(first.stderr).toMatch(/^proved 3 of 3 {2}\d.*\n$/m);
    const again = JSON.parse((await run(...words, '--json')).stdout);
    expect(again).toMatchObject({ rows: 3, proved: 0, kept: 3 });
  });

  it('verify accepts them for the artifact, and the input with its opening', async () => {
    const all = await run('verify', 'proofs', '--model', 'artifacts/digits-mlp');
    expect(all.code).toBe(0);
    expect(all.stdout).toContain('3 proofs: 3 valid\n');
    const about = ['verify', 'proofs/000003.proof.json', '--model', 'artifacts/digits-mlp', '--json'];
    const opening = ['--opening', 'proofs/private/000003.opening.json'];
    const right = await run(...about, ...opening, '--input', `${DATA}#3`);
    expect(right.code).toBe(0);
    expect(JSON.parse(right.stdout).verdicts[0].verdict.open).toEqual(['context-not-checked']);
    expect((await run(...about, ...opening, '--input', `${DATA}#4`)).code).toBe(1);
  });

  it('verify refuses a proof with a changed label', async () => {
    const file = path.join(root, 'proofs', '000002.proof.json');
    const text = await readFile(file, 'utf8');
    const changed = text.replace(
      /("publicSignals": \[\s*")(\d)"/,
      (_, before, label) => `${before}${(Number(label) + 1) % 10}"`,
    );
    await writeFile(file, changed);
    expect(changed).not.toBe(text);
    const { code, stdout } = await run('verify', 'proofs', '--model', 'artifacts/digits-mlp');
    expect(code).toBe(1);
    expect(stdout).toContain('QP7203');
    await writeFile(file, text);
  });

  it('prove refuses bad input with a specific error, and writes nothing', async () => {
    const prove = (...words: string[]) => run('prove', 'artifacts/digits-mlp', '--out', 'never', ...words);
    await writeFile(
      path.join(root, 'bright.json'),
      JSON.stringify([new Array(64).fill(0.5), new Array(64).fill(9)]),
    );
    await writeFile(path.join(root, 'short.json'), '[[1, 2, 3]]');
    await writeFile(path.join(root, 'words.csv'), `${new Array(63).fill('0.5').join(',')},dark\n`.repeat(2));
    await writeFile(path.join(root, 'empty.csv'), '');
    const refused = async (file: string, expected: RegExp, ...words: string[]) =>
      expect(await prove('--inputs', file, ...words)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(expected),
      });
    await refused('bright.json', /^QP6201 9 is outside .*\(row 1, feature 0, of "input"\).*--clamp-inputs/);
    await refused('short.json', /^QP1105 .*3 values instead of 64/);
    await refused('words.csv', /^QP1108 .*dark/);
    await refused('empty.csv', /^QP1104 /);
    await refused('missing.json', /^QP1002 .*missing\.json/);
    await refused('bright.json', /^QP1122 /, '--rows', '0-9');
    await refused('bright.json', /^QP1121 /, '--rows', 'x');
    await expect(stat(path.join(root, 'never'))).rejects.toThrow('ENOENT');
  });
});

describe('prove, interrupted', () => {
  const words = (out: string) => [
    'prove',
    'artifacts/digits-mlp',
    '--inputs',
    DATA,
    '--rows',
    '0-19',
    '--out',
    out,
  ];
  const bundles = async (out: string) =>
    (await readdir(path.join(root, out)).catch(() => [])).filter((name) => name.endsWith('.proof.json'));

  /** Waits until the batch has written some bundles. */
  async function underWay(out: string, result: Promise<unknown>): Promise<void> {
    let ended = false;
    result.finally(() => {
      ended = true;
    });
    while ((await bundles(out)).length < 3) {
      if (ended) throw new Error('the batch ended before it could be interrupted');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it('by Ctrl-C: exits with 130, and leaves finished rows but no lock', async () => {
    const { child, result } = startCli(words('stopped'), root);
    await underWay('stopped', result);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await result;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/QP6004 .*Run the same command again/);
    expect(await readdir(path.join(root, 'stopped'))).not.toContain('.quietproof.lock');
    const kept = await bundles('stopped');
    expect(kept.length).toBeLessThan(20);
    expect((await run('verify', 'stopped', '--model', 'artifacts/digits-mlp')).code).toBe(0);
  });

  it('by kill -9: leaves only complete files, and the same command finishes the rest', async () => {
    const { child, result } = startCli(words('killed'), root);
    await underWay('killed', result);
    child.kill('SIGKILL');
    expect((await result).signal).toBe('SIGKILL');
    const folder = path.join(root, 'killed');
    const finished = await bundles('killed');
    const before = new Map<string, { mtimeNs: bigint; ino: bigint; text: string }>();
    for (const name of finished) {
      const file = path.join(folder, name);
      const { mtimeNs, ino } = await stat(file, { bigint: true });
      const text = await readFile(file, 'utf8');
      parseAnyBundle(text);
      parseAnyOpening(await readFile(path.join(folder, 'private', name.replace('.proof.', '.opening.'))));
      before.set(name, { mtimeNs, ino, text });
    }
    const again = await run(...words('killed'), '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({
      rows: 20,
      kept: finished.length,
      proved: 20 - finished.length,
    });
    for (const [name, state] of before) {
      const { mtimeNs, ino } = await stat(path.join(folder, name), { bigint: true });
      expect({ mtimeNs, ino, text: await readFile(path.join(folder, name), 'utf8') }, name).toEqual(state);
    }
    const left = [...(await readdir(folder)), ...(await readdir(path.join(folder, 'private')))];
    expect(left.filter((name) => name.startsWith('.'))).toEqual([]);
    const verified = await run('verify', 'killed', '--model', 'artifacts/digits-mlp');
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain('20 proofs: 20 valid');
  });
});

describe.skipIf(!canMount)('prove, on a full disk', () => {
  it('stops with QP8001 and exit code 3, and leaves only complete files', async () => {
    await mkdir(path.join(root, 'full'));
    // Enough for a few rows: each has two files of one or two 4 kB blocks.
    const full = path.join(root, 'full');
    const artifact = path.join(root, 'artifacts/digits-mlp');
    const prove = ['prove', artifact, '--inputs', DATA, '--rows', '0-19', '--out', full];
    const command = [process.execPath, path.resolve('dist/cli/main.js'), ...prove];
    const look = 'for f in $(find . -type f); do echo "$f"; tail -c 3 "$f"; done';
    const { stdout, stderr } = runOnSmallDisk(full, '48k', command, look);
    expect(stdout).toMatch(/^exit 3\n/);
    expect(stderr).toMatch(/QP8001 The disk is full .*Free some space and run the same command again/);
    const files = stdout.match(/^\.\/.*$/gm)!;
    expect(files.filter((file) => file.endsWith('.proof.json')).length).toBeGreaterThan(0);
    expect(files.filter((file) => !/(\.proof|\.opening|\/model)\.json$/.test(file))).toEqual([]);
    // Every file ends like our JSON files.
    expect(stdout.match(/\n\}\n/g)).toHaveLength(files.length);
  });
});
