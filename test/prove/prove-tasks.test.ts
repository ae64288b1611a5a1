import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readingOf } from '@quietproof/verify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openProvableArtifact } from '#dist/artifact/provable-artifact.js';
import { artifactInput, proveBatch } from '#dist/index.js';
import { encodeRows } from '#dist/prove/encode-rows.js';
import { proveTasks } from '#dist/prove/prove-tasks.js';
import { chooseBackend } from '#dist/prover/backends.js';
import { poseidonTrace } from '../../src/circuit/digest/poseidon-trace.ts';
import { RowProver } from '../../src/prover/row-prover.ts';
import { inputDigest } from '../../src/verify/input/input-digest.ts';
import { USUAL_BACKEND } from '../support/backends.ts';
import { type DigitsArtifact, digitsArtifact } from '../support/digits-artifact.ts';

vi.mock('../../src/circuit/digest/poseidon-trace.ts', { spy: true });
vi.mock('../../src/verify/input/input-digest.ts', { spy: true });

/** 64 values of 5 bits take two field elements, which go with the salt into one permutation. */
const PERMUTATIONS = 1;

let artifact: DigitsArtifact;
beforeAll(async () => {
  artifact = await digitsArtifact('digest');
});
afterAll(() => artifact.remove());

it('proves again with the salt of an opening that another process has made meanwhile', async () => {
  const { artifactDir } = artifact;
  const folder = await mkdtemp(path.join(artifact.root, 'out-'));
  const given = artifact.rows.slice(0, 1);
  await proveBatch({ artifactDir, rows: given, outDir: folder, workers: 1 });
  const [bundle, opening] = ['000000.proof.json', path.join('private', '000000.opening.json')];
  const before = await readFile(path.join(folder, opening), 'utf8');
  await rm(path.join(folder, bundle));
  const opened = await openProvableArtifact(artifactDir);
  const tasks = encodeRows(readingOf(opened.model.interface).input, given, false, opened.grid);
  const finished: number[] = [];
  // It is told of no opening, as if there had been none when it looked.
  const proving = () =>
    proveTasks({
      artifact: opened,
      subject: { folder, model: opened.model, context: { callerPart: new Uint8Array(), unique: false } },
      backend: chooseBackend().backend,
      warnings: [],
      warn: () => {},
      options: { artifactDir },
      tasks,
      workers: 1,
      onRow: ({ index }) => finished.push(index),
    });
  await proving();
  expect(finished).toEqual([0]);
  expect(await readFile(path.join(folder, opening), 'utf8')).toBe(before);
  const { publicSignals } = JSON.parse(await readFile(path.join(folder, bundle), 'utf8'));
  expect(publicSignals[1]).toBe(JSON.parse(before).digest);
  await expect(proving()).rejects.toMatchObject({ code: 'QP6203' });
  const left = [...(await readdir(folder)), ...(await readdir(path.join(folder, 'private')))];
  expect(left.filter((name) => name.startsWith('.'))).toEqual([]);
});

it('takes digests of unchanged files from the cache, and none when paranoid', async () => {
  const { artifactDir, root } = artifact;
  const caches = path.join(root, 'caches');
  vi.stubEnv('XDG_CACHE_HOME', caches);
  try {
    // A file that has just changed is not remembered.
    await setTimeout(3100);
    await openProvableArtifact(artifactDir);
    const digests = path.join(caches, 'quietproof', 'digests');
    const entries = await readdir(digests);
    expect(entries.length).toBeGreaterThan(0);
    for (const name of entries) {
      const file = path.join(digests, name);
      const entry = JSON.parse(await readFile(file, 'utf8'));
      await writeFile(file, JSON.stringify({ ...entry, digest: '0'.repeat(64) }));
    }
    await expect(openProvableArtifact(artifactDir)).rejects.toMatchObject({ code: 'QP6103' });
    await openProvableArtifact(artifactDir, { paranoid: true });
  } finally {
    vi.unstubAllEnvs();
  }
});

it('digests each row once, for witness, bundle and opening together', async () => {
  const { artifactDir } = artifact;
  const { model } = await openProvableArtifact(artifactDir);
  const zkey = path.join(artifactDir, 'circuit.zkey');
  const key = await USUAL_BACKEND.share(zkey);
  const prover = await RowProver.open({
    artifactDir,
    backend: USUAL_BACKEND.name,
    threads: 1,
    records: { model, pack: false },
    ...(key.bytes !== undefined && { zkey: key.bytes }),
  });
  const { count } = await artifactInput(artifactDir);
  const job = { integers: new Float64Array(count), salt: 5n, context: 7n, record: { index: 0, opening: {} } };
  const permutations: number[] = [];
  vi.mocked(inputDigest).mockClear();
  for (let row = 0; row < 2; row += 1) {
    vi.mocked(poseidonTrace).mockClear();
    const { texts } = await prover.prove(job);
    expect(texts?.opening).toBeDefined();
    permutations.push(vi.mocked(poseidonTrace).mock.calls.length);
  }
  await prover.close();
  key.release();
  expect(permutations).toEqual([PERMUTATIONS, PERMUTATIONS]);
  expect(vi.mocked(inputDigest)).not.toHaveBeenCalled();
});
