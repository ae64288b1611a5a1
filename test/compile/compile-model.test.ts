import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactManifest } from '../../src/artifact/artifact-manifest.ts';
import { ARTIFACT } from '../../src/artifact/file-names.ts';
import { openWitnessCalculator } from '../../src/artifact/open-witness-calculator.ts';
import { compileModel } from '../../src/compile/compile-model.ts';
import { canMount, runOnSmallDisk } from '../support/small-disk.ts';

const MODEL = 'models/breast-cancer-logreg';
const DATA = path.join(MODEL, 'test.json');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'quietproof-compile-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const compile = (name: string, options: object = {}) =>
  compileModel({ model: MODEL, calibration: DATA, out: path.join(folder, name), ...options });

async function digestsOf(name: string): Promise<Record<string, string>> {
  const files = (await readdir(path.join(folder, name))).sort();
  const entries = files.map(async (file) => {
    const content = await readFile(path.join(folder, name, file));
    return [file, createHash('sha256').update(content).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

describe('compileModel', () => {
  it('gives the same bytes twice, whatever the folder', async () => {
    await compile('first');
    await compile('second');
    const first = await digestsOf('first');
    expect(Object.keys(first)).toEqual(
      Object.values(ARTIFACT)
        .filter((file) => file !== ARTIFACT.wasm)
        .sort(),
    );
    expect(await digestsOf('second')).toEqual(first);
  });

  it('records every file it wrote, by digest', async () => {
    await compile('recorded');
    const digests = await digestsOf('recorded');
    const text = await readFile(path.join(folder, 'recorded', ARTIFACT.manifest), 'utf8');
    const manifest = JSON.parse(text) as ArtifactManifest;
    for (const [file, digest] of Object.entries(manifest.files)) expect(digests[file]).toBe(digest);
    expect(manifest.interface).toBe(digests[ARTIFACT.interface]);
    expect(manifest.manifest.bounds).toBe(digests[ARTIFACT.bounds]);
    expect(manifest.manifest.chain.integerGraph).toBe(digests[ARTIFACT.integerGraph]);
    expect(text).not.toContain(folder);
  });

  it('keeps raw features of very different size at 8 bits without a label flip, and counts exactly', async () => {
    const { manifest, accuracy } = await compile('counted', { bits: 8, input: 'public' });
    expect(accuracy).toMatchObject({ rows: 114, labelFlips: 0 });
    // One linear constraint for the score, N + 1 = 20 for the threshold, one for the context.
    expect(manifest.cost.constraints).toBe(22);
    expect(manifest.cost.publicSignals).toBe(32);
  });

  it('changes the digest with the salt, and nothing else among the public signals', async () => {
    await compile('salted');
    const calculator = await openWitnessCalculator(path.join(folder, 'salted'));
    const row = new Float64Array(30).fill(5);
    const one = calculator.calculate(row, 1n, 7n).publicSignals;
    const two = calculator.calculate(row, 2n, 7n).publicSignals;
    expect(one).toHaveLength(3);
    expect(one[1]).not.toBe(two[1]);
    expect([one[0], one[2]]).toEqual([two[0], two[2]]);
    expect(one[2]).toBe(7n);
  });

  it('writes one witness over another without a trace of it', async () => {
    await compile('reused');
    const [fresh, reusing] = await Promise.all(
      [false, true].map((reuse) => openWitnessCalculator(path.join(folder, 'reused'), { reuse })),
    );
    for (const [value, salt] of [
      [63, 2n ** 128n - 1n],
      [0, 0n],
      [9, 5n],
    ] as const) {
      const row = new Float64Array(30).fill(value);
      const { witness } = fresh!.calculate(row, salt, salt);
      expect(Buffer.compare(reusing!.calculate(row, salt, salt).witness, witness)).toBe(0);
    }
  });

  it('refuses a folder that holds something else, and leaves it alone', async () => {
    const out = path.join(folder, 'taken');
    await compile('taken');
    await rm(path.join(out, ARTIFACT.manifest));
    await writeFile(path.join(out, 'letter.txt'), 'dear');
    const before = await digestsOf('taken');
    await expect(compile('taken')).rejects.toMatchObject({ code: 'QP4201' });
    expect(await digestsOf('taken')).toEqual(before);
  });

  it("refuses to replace the circuit under another one's key", async () => {
    await compile('keyed');
    await writeFile(path.join(folder, 'keyed', 'circuit.zkey'), 'a key');
    await expect(compile('keyed', { bits: 4 })).rejects.toMatchObject({ code: 'QP4204' });
    await expect(compile('keyed')).resolves.toBeDefined();
  });

  it.skipIf(!canMount)('stops on a full disk with a code, and leaves nothing half-written', async () => {
    const disk = path.join(folder, 'disk');
    await mkdir(disk);
    const words = ['compile', MODEL, '--calibration', DATA, '--out', path.join(disk, 'full')];
    const command = [process.execPath, path.resolve('dist/cli/main.js'), ...words];
    const { stdout, stderr } = runOnSmallDisk(disk, '160k', command, 'find . -type f');
    expect(stderr).toContain('QP8001');
    expect(stdout).toBe('exit 3\n');
  });

  it.each([
    ['bits', { bits: 17 }, 'QP3006'],
    ['a threshold of logits', { output: 'logits', threshold: 0.5 }, 'QP3005'],
    ['a probability of 1', { threshold: 1 }, 'QP3005'],
    ['a missing card', { card: '/nonexistent.json' }, 'QP1002'],
    ['data of another model', { calibration: 'models/digits-mlp/test.json' }, 'QP1105'],
  ])('refuses %s with a code, and writes nothing', async (name, options, code) => {
    const out = `refused-${name.replace(/\W/g, '-')}`;
    await expect(compile(out, options)).rejects.toMatchObject({ code });
    expect(await readdir(path.join(folder, out)).catch(() => [])).toEqual([]);
  });
});
