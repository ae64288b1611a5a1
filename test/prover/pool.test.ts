import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAnyInterface, readingOf } from '@quietproof/verify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ProveJob, ProverPool, readRows } from '#dist/index.js';
import { encodeRows } from '../../src/prove/encode-rows.ts';
import { type DigitsArtifact, digitsArtifact } from '../support/digits-artifact.ts';

let artifact: DigitsArtifact;
let jobs: ProveJob[];
let pool: ProverPool | undefined;

beforeAll(async () => {
  artifact = await digitsArtifact('public');
  const text = await readFile(path.join(artifact.artifactDir, 'interface.json'), 'utf8');
  const encoded = encodeRows(readingOf(parseAnyInterface(text)).input, artifact.rows.slice(0, 6), false);
  jobs = encoded.map(({ integers }) => ({ integers: Float64Array.from(integers), salt: null, context: 5n }));
});
afterEach(async () => {
  await pool?.close();
  pool = undefined;
});
afterAll(() => artifact.remove());

async function open(options: Partial<Parameters<typeof ProverPool.open>[0]> = {}): Promise<ProverPool> {
  pool = await ProverPool.open({ artifactDir: artifact.artifactDir, workers: 2, ...options });
  return pool;
}

describe('ProverPool', () => {
  it('proves jobs concurrently; public signals are outputs, input, context', async () => {
    const { prove } = bound(await open());
    const rows = await Promise.all(jobs.map((job) => prove(job)));
    const { labels } = await readRows('models/digits-mlp/test.json', { count: 64 });
    rows.forEach(({ publicSignals, proof }, i) => {
      expect(publicSignals).toEqual([String(labels![i]), ...Array.from(jobs[i]!.integers, String), '5']);
      expect(proof.protocol).toBe('groth16');
    });
  });

  it('loses no job when a thread dies', async () => {
    const running = await open({ workers: 1 });
    const { prove } = bound(running);
    await prove(jobs[0]!);
    const [thread] = running.threads;
    const all = Promise.all(jobs.map((job) => prove(job)));
    await thread!.terminate();
    expect(await all).toHaveLength(jobs.length);
    expect(running.threads[0]).not.toBe(thread);
  });

  it.each([
    [1, /^Use a machine with more memory/],
    [2, /^Use fewer workers \(--workers 1\) or a machine/],
  ])('reports out of memory if a thread of %i dies of it twice', async (workers, fix) => {
    const { prove } = bound(await open({ workers, heapLimit: 3 }));
    await expect(prove(jobs[0]!)).rejects.toMatchObject({
      code: 'QP6002',
      fix: expect.stringMatching(fix),
    });
  });

  it('cancels one job and continues with the others', async () => {
    const { prove } = bound(await open());
    const stop = new AbortController();
    const cancelled = prove(jobs[0]!, stop.signal);
    const others = jobs.slice(1).map((job) => prove(job));
    stop.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'QP6004', exit: 130 });
    expect(await Promise.all(others)).toHaveLength(jobs.length - 1);
  });

  it('returns no proof that does not verify', async () => {
    // A well-formed key with two H points swapped: it gives proofs, but wrong ones.
    const artifactDir = await withKey('damaged', damageKey);
    const { prove } = bound(await open({ workers: 1, artifactDir }));
    await expect(prove(jobs[0]!)).rejects.toMatchObject({ code: 'QP6003', exit: 2 });
  });

  it('fails with a clear error on a file that is not a key', async () => {
    const artifactDir = await withKey('none', () => new Uint8Array(1000));
    const proving = open({ workers: 1, artifactDir }).then((broken) => broken.prove(jobs[0]!));
    await expect(proving).rejects.toMatchObject({ code: 'QP5013' });
  });

  it('never makes a proof of a row outside its range', async () => {
    const { prove } = bound(await open({ workers: 1 }));
    const integers = Float64Array.from(jobs[0]!.integers);
    integers[3] = 100_000;
    await expect(prove({ ...jobs[0]!, integers })).rejects.toMatchObject({ code: 'QP6001' });
  });

  it('reads the key from the artifact and reports a missing one', async () => {
    const elsewhere = path.join(artifact.root, 'elsewhere');
    await expect(open({ artifactDir: elsewhere })).rejects.toThrow('ENOENT');
  });
});

function bound(of: ProverPool) {
  return { prove: of.prove.bind(of) };
}

/** The artifact with another key. @returns its folder */
async function withKey(name: string, change: (key: Uint8Array) => Uint8Array): Promise<string> {
  const folder = path.join(artifact.root, name);
  await cp(artifact.artifactDir, folder, { recursive: true });
  const file = path.join(folder, 'circuit.zkey');
  await writeFile(file, change(await readFile(file)));
  return folder;
}

/** Swaps two points of section 9 (H), which keeps sizes and counts. */
function damageKey(bytes: Uint8Array): Uint8Array {
  const key = Uint8Array.from(bytes);
  const view = new DataView(key.buffer);
  for (let at = 12; at < key.length; ) {
    const length = Number(view.getBigUint64(at + 4, true));
    if (view.getUint32(at, true) === 9) {
      const first = key.slice(at + 12, at + 76);
      key.copyWithin(at + 12, at + 76, at + 140);
      key.set(first, at + 76);
    }
    at += 12 + length;
  }
  return key;
}
