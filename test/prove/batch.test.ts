import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BatchProgress, type ProveBatchOptions, proveBatch, verifyFiles } from '#dist/index.js';
import { USUAL_BACKEND } from '../support/backends.ts';
import { type DigitsArtifact, digitsArtifact } from '../support/digits-artifact.ts';

let artifact: DigitsArtifact;
beforeAll(async () => {
  artifact = await digitsArtifact('digest');
});
afterAll(() => artifact.remove());

const newFolder = () => mkdtemp(path.join(artifact.root, 'out-'));

function prove(outDir: string, first: number, last: number, options: Partial<ProveBatchOptions> = {}) {
  const rows = artifact.rows.slice(first, last + 1);
  return proveBatch({ artifactDir: artifact.artifactDir, rows, outDir, workers: 2, ...options });
}

/** Name, inode, time and content of every file, to show that finished files do not change. */
async function snapshot(folder: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const { ino, mtimeNs } = await stat(file, { bigint: true });
    found[path.relative(folder, file)] = { ino, mtimeNs, text: await readFile(file, 'utf8') };
  }
  return found;
}

async function verdicts(folder: string, context?: Uint8Array) {
  const found = [];
  const options = { anyModel: true, ...(context !== undefined && { context }) };
  for await (const { verdict } of verifyFiles([folder], options)) found.push(verdict);
  return found;
}

describe('proveBatch', () => {
  it('writes packed bundles on request, and resumes beside thin ones', async () => {
    const out = await newFolder();
    await prove(out, 0, 0);
    const report = await prove(out, 0, 1, { pack: true });
    expect(report).toMatchObject({ proved: 1, kept: 1 });
    const hasRecord = async (row: number) =>
      'model' in JSON.parse(await readFile(path.join(out, `00000${row}.proof.json`), 'utf8'));
    expect([await hasRecord(0), await hasRecord(1)]).toEqual([false, true]);
    expect(await prove(out, 0, 1)).toMatchObject({ proved: 0, kept: 2 });
    const mailed = path.join(await newFolder(), 'mailed.proof.json');
    await rename(path.join(out, '000001.proof.json'), mailed);
    expect(await verdicts(mailed)).toMatchObject([{ accepted: true, row: 1 }]);
  });

  it('writes model.json once, and a bundle and an opening per row', async () => {
    const out = await newFolder();
    const progress: BatchProgress[] = [];
    const report = await prove(out, 0, 2, { onProgress: (now) => progress.push(now) });
    expect((await readdir(out)).sort()).toEqual([
      '000000.proof.json',
      '000001.proof.json',
      '000002.proof.json',
      'model.json',
      'private',
    ]);
    expect((await readdir(path.join(out, 'private'))).sort()).toHaveLength(3);
    expect((await verdicts(out)).map(({ accepted, row }) => [accepted, row])).toEqual([
      [true, 0],
      [true, 1],
      [true, 2],
    ]);
    expect(progress.map(({ done, total }) => [done, total])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(report).toMatchObject({
      rows: 3,
      proved: 3,
      kept: 0,
      backend: USUAL_BACKEND.name,
      workers: 2,
      clamped: [],
      warnings: [],
    });
    expect(report.keyMemory).toBeGreaterThan(100e3);
    expect(report.proofsPerSecond).toBeCloseTo(3 / report.seconds);
    expect(report.peakMemory).toBeGreaterThan(50e6);
  });

  it('proves missing rows and leaves finished ones unchanged', async () => {
    const out = await newFolder();
    await prove(out, 0, 1);
    const before = await snapshot(out);
    await rm(path.join(out, '000001.proof.json'));
    const report = await prove(out, 0, 2);
    expect(report).toMatchObject({ proved: 2, kept: 1 });
    const after = await snapshot(out);
    for (const name of ['000000.proof.json', 'model.json', ...openings(0, 1)]) {
      expect(after[name], name).toEqual(before[name]);
    }
    expect((await verdicts(out)).every(({ accepted }) => accepted)).toBe(true);
    expect(await prove(out, 0, 2)).toMatchObject({ proved: 0, kept: 3 });
  });

  it('reuses an opening without a bundle, because its bundle may have been moved away', async () => {
    const out = await newFolder();
    await prove(out, 0, 0);
    const digest = JSON.parse(await readFile(path.join(out, '000000.proof.json'), 'utf8')).publicSignals[1];
    await rm(path.join(out, '000000.proof.json'));
    await prove(out, 0, 0);
    expect(JSON.parse(await readFile(path.join(out, '000000.proof.json'), 'utf8')).publicSignals[1]).toBe(
      digest,
    );
  });

  it('draws a separate salt for every row', async () => {
    const [one, two] = [await newFolder(), await newFolder()];
    await Promise.all([prove(one, 0, 0), prove(two, 0, 0)]);
    const digests = await Promise.all(
      [one, two].map(async (out) => JSON.parse(await readFile(path.join(out, '000000.proof.json'), 'utf8'))),
    );
    expect(digests[0].publicSignals[0]).toBe(digests[1].publicSignals[0]);
    expect(digests[0].publicSignals[1]).not.toBe(digests[1].publicSignals[1]);
  });

  it('binds proofs to the context, and refuses another context for a finished row', async () => {
    const out = await newFolder();
    const [order, other] = ['order 17', 'order 18'].map((text) => new TextEncoder().encode(text));
    await prove(out, 0, 0, { context: order! });
    expect((await verdicts(out, order))[0]).toMatchObject({
      accepted: true,
      open: expect.not.arrayContaining(['context-not-checked']),
    });
    expect((await verdicts(out, other))[0]).toMatchObject({ valid: false, code: 'QP7602' });
    await expect(prove(out, 0, 0)).rejects.toThrow(/QP6202 .*another context/);
  });

  it('refuses a folder with the proofs of another model', async () => {
    const out = await newFolder();
    await writeFile(path.join(out, 'model.json'), '{}');
    await expect(prove(out, 0, 0)).rejects.toThrow(/QP6202 .*something else/);
    expect(await readdir(out)).not.toContain('000000.proof.json');
  });

  it('removes the temporary files of a killed run', async () => {
    const out = await newFolder();
    await mkdir(path.join(out, 'private'));
    await writeFile(path.join(out, '.000000.proof.json.0123abcd.tmp'), '{"half');
    await writeFile(path.join(out, 'private', '.000000.opening.json.0123abcd.tmp'), '{"half');
    await prove(out, 0, 0);
    expect(await readdir(out)).toHaveLength(3);
    expect(await readdir(path.join(out, 'private'))).toEqual(['000000.opening.json']);
  });

  it('stops on request; finished rows are kept and the lock is released', async () => {
    const out = await newFolder();
    const stop = new AbortController();
    const onProgress = ({ done }: BatchProgress) => {
      if (done === 2) stop.abort();
    };
    await expect(prove(out, 0, 19, { signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'QP6004',
    });
    const kept = (await readdir(out)).filter((name) => name.endsWith('.proof.json'));
    expect(kept.length).toBeGreaterThanOrEqual(2);
    expect(kept.length).toBeLessThan(20);
    expect((await verdicts(out)).every(({ accepted }) => accepted)).toBe(true);
    expect(await prove(out, 0, 4)).toMatchObject({ rows: 5 });
  });

  it('refuses a row outside the input range before anything is written, or clamps it on request', async () => {
    const out = path.join(artifact.root, 'never');
    const values = Float64Array.from(artifact.rows[0]!.values);
    values[10] = 40;
    const rows = [artifact.rows[1]!, { index: 7, values }];
    await expect(prove(out, 0, 0, { rows })).rejects.toThrow(/QP6201 40 is outside .*row 7, feature 10/);
    await expect(stat(out)).rejects.toThrow('ENOENT');
    const clamped = await newFolder();
    expect(await prove(clamped, 0, 0, { rows, clampInputs: true })).toMatchObject({
      proved: 2,
      clamped: [7],
    });
    const opening = JSON.parse(await readFile(path.join(clamped, 'private', '000007.opening.json'), 'utf8'));
    expect(opening.input).toBeUndefined();
  });
});

describe('an artifact that cannot prove', () => {
  const changed = async (name: string, change: (file: string) => Promise<unknown>) => {
    const file = path.join(artifact.artifactDir, name);
    await rename(file, `${file}.kept`);
    await writeFile(file, await readFile(`${file}.kept`));
    await change(file);
    return { undo: () => rename(`${file}.kept`, file) };
  };

  it.each(['integer-graph.json', 'circuit.circom', 'circuit.r1cs', 'bounds.json', 'witness-plan.bin'])(
    'is one whose %s was changed',
    async (name) => {
      const { undo } = await changed(name, (file) => appendFile(file, ' 1'));
      await expect(prove(await newFolder(), 0, 0)).rejects.toThrow(
        new RegExp(`QP6103 ${name.replace('.', '\\.')} was changed`),
      );
      await undo();
    },
  );

  it.each(['interface.json', 'manifest.json', 'model.json', 'verification-key.json', 'setup.json'])(
    'is one whose %s is damaged',
    async (name) => {
      const { undo } = await changed(name, (file) => appendFile(file, ' 1'));
      const code = name === 'setup.json' ? 'QP5035' : 'QP4601';
      await expect(prove(await newFolder(), 0, 0)).rejects.toMatchObject({ code, where: name });
      await undo();
    },
  );

  it.each([
    ['manifest.json', /"constraints": \d+,\n\s*"quantization"/, '"constraints": 1,\n"quantization"'],
    ['verification-key.json', /\d\d",\s*"1"/, '11","1"'],
  ])('is one whose %s is another than model.json has', async (name, before, after) => {
    const { undo } = await changed(name, async (file) => {
      const text = await readFile(file, 'utf8');
      const other = text.replace(before, after);
      expect(other).not.toBe(text);
      await writeFile(file, other);
    });
    await expect(prove(await newFolder(), 0, 0)).rejects.toThrow(`QP6103 ${name} was changed`);
    await undo();
  });

  it('may await a contribution', async () => {
    const { undo } = await changed('setup.json', (file) =>
      writeFile(file, '{"state":"awaiting contribution","record":{"kind":"ceremony","contributions":[]}}'),
    );
    await expect(prove(await newFolder(), 0, 0)).rejects.toMatchObject({
      code: 'QP6101',
      fix: expect.stringContaining('quietproof contribute'),
    });
    await undo();
  });

  it('may have no key, or not be an artifact', async () => {
    const { undo } = await changed('setup.json', (file) => rm(file));
    await expect(prove(await newFolder(), 0, 0)).rejects.toMatchObject({ code: 'QP6102' });
    await undo();
    await expect(prove(await newFolder(), 0, 0, { artifactDir: artifact.root })).rejects.toMatchObject({
      code: 'QP6104',
    });
  });
});

function openings(...rows: number[]): string[] {
  return rows.map((row) => path.join('private', `${String(row).padStart(6, '0')}.opening.json`));
}
