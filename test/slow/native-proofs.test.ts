import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { groth16 } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listBundles } from '#dist/bundle/batch-names.js';
import { modelIdOf, verifyFiles } from '#dist/index.js';
import { runCli } from '../cli/support/run-cli.ts';
import { NATIVE_BINARY } from '../support/backends.ts';

const ROWS = 334;

// A thousand native proofs for three circuits: our verifier and snarkjs accept every one.
describe.skipIf(NATIVE_BINARY === undefined)('a thousand native proofs', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'quietproof-thousand-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it.each([
    ['credit-scoring-mlp', 'public'],
    ['digits-mlp', 'digest'],
    ['tfjs-digits-cnn-layers', 'public'],
  ])('%s, %s input', async (model, input) => {
    const artifact = path.join(root, model);
    const proofs = path.join(root, `${model}-proofs`);
    const source = path.resolve('models', model);
    const data = path.join(source, 'test.json');
    const run = async (...words: string[]) => expect(await runCli(words)).toMatchObject({ code: 0 });
    await run('compile', source, '--calibration', data, '--out', artifact, '--input', input);
    await run('setup', artifact, '--dev');
    await run(
      'prove',
      artifact,
      '--inputs',
      data,
      '--rows',
      `0-${ROWS - 1}`,
      '--out',
      proofs,
      '--backend',
      'native',
    );

    const accepted: boolean[] = [];
    for await (const { verdict } of verifyFiles([proofs], { model: await modelIdOf(artifact) }))
      accepted.push(verdict.accepted);
    expect(accepted).toEqual(new Array(ROWS).fill(true));

    const key = JSON.parse(await readFile(path.join(artifact, 'verification-key.json'), 'utf8'));
    for (const file of await listBundles(proofs)) {
      const { proof, publicSignals } = JSON.parse(await readFile(file, 'utf8'));
      expect(await groth16.verify(key, publicSignals, proof), file).toBe(true);
    }
  });
});
