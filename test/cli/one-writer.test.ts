import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/store/folder-lock.ts';
import { runCli, startCli } from './support/run-cli.ts';

const MODEL = path.resolve('models/iris-mlp/model.onnx');
const DATA = path.resolve('models/iris-mlp/test.json');
const COMPILE = ['compile', MODEL, '--calibration', DATA, '--out', 'artifact'];

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'one-writer-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const busy = { code: 2, stdout: '', stderr: expect.stringMatching(/^QP6206 Process \d+ is changing this/) };

describe('an artifact', () => {
  it('is compiled by one process at a time', async () => {
    const first = startCli(COMPILE, root);
    await first.sees('compiling the circuit with circom');
    const second = await runCli(COMPILE, root);
    expect((await first.result).code).toBe(0);
    expect(second).toMatchObject({ ...busy, stderr: expect.stringContaining('QP6206 Process') });
    expect((await runCli(['check', 'artifact'], root)).code).toBe(0);
    expect((await readdir(path.join(root, 'artifact'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each([
    ['setup', ['setup', 'artifact', '--dev']],
    ['contribute', ['contribute', 'artifact']],
  ])('gets no key from %s while another process changes it', async (_, words) => {
    const lock = await lockFolder(path.join(root, 'artifact'), { purpose: 'change' });
    const result = await runCli(words, root);
    lock.release();
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/QP6206 Process \d+ is changing this folder/);
    expect(await readdir(path.join(root, 'artifact'))).not.toContain('circuit.zkey');
  });

  it('gets a key and its record in one step', async () => {
    expect((await runCli(['setup', 'artifact', '--dev'], root)).code).toBe(0);
    const names = await readdir(path.join(root, 'artifact'));
    expect(names).toEqual(expect.arrayContaining(['circuit.zkey', 'setup.json', 'model.json']));
    expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
