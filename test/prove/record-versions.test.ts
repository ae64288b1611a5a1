import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type BundleV2,
  findDuplicates,
  type ModelRecord,
  type ModelRecordV2,
  openEnvelope,
  openEnvelopeV2,
  parseAnyInterface,
  parseBundle,
  parseQuality,
  sealStatement,
  statementOf,
  statementOfV2,
  type ThinBundle,
} from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileModel, modelIdOf, proveBatch, readRows, setUpArtifact, verifyFiles } from '#dist/index.js';
import { assembleBundleV2 } from '../../src/bundle/assemble-bundle.ts';
import { writeBundle, writeModelRecord } from '../../src/bundle/batch-folder.ts';
import { bundlePath, openingPath } from '../../src/bundle/batch-names.ts';

const IRIS = path.join('models', 'iris-mlp');
const CANCER = path.join('models', 'breast-cancer-logreg', 'test.json');
const FIXTURE = path.join('test', 'fixtures', 'artifact-0.1');
const LABELS = ['0', '1', '2'];

let root: string;
const at = (...parts: string[]) => path.join(root, ...parts);
const json = async (...parts: string[]) => JSON.parse(await readFile(at(...parts), 'utf8'));

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'versions-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function prove(artifact: string, data: string, out: string, shape: number) {
  const { rows } = await readRows(data, { count: shape });
  const chosen = rows.slice(0, 2).map((values, index) => ({ index, values }));
  await proveBatch({ artifactDir: at(artifact), rows: chosen, outDir: at(out), workers: 1 });
  return rows;
}

async function verdictsOf(files: readonly string[], options: object) {
  const found = [];
  for await (const { verdict } of verifyFiles(files, options)) found.push(verdict);
  return found;
}

describe('an artifact of today', () => {
  let rows: readonly Float64Array[];
  beforeAll(async () => {
    const data = path.join(IRIS, 'test.json');
    await compileModel({
      model: path.join(IRIS, 'model.onnx'),
      calibration: data,
      out: at('iris'),
      input: 'digest',
      bits: 6,
    });
    await setUpArtifact(at('iris'), { source: { kind: 'development' }, behaviour: { count: 1 } });
    rows = await prove('iris', data, 'proofs', 4);
  });

  it('is of version 2, from its parts to its openings', async () => {
    const parts = ['manifest.json', 'interface.json', 'model.json'].map((name) => json('iris', name));
    const written = [
      ...(await Promise.all(parts)),
      await json('proofs', '000000.proof.json'),
      await json('proofs', 'private', '000000.opening.json'),
    ];
    expect(written.map(({ version }) => version)).toEqual(
      ['artifact', 'interface', 'model', 'bundle', 'opening'].map((what) => `quietproof/${what}/v2`),
    );
    expect(await json('iris', 'setup.json')).toEqual({ state: 'ready', record: { kind: 'development' } });
    expect(parseQuality(await readFile(at('iris', 'quality.json')))).toEqual({
      kind: 'not-judged',
      contract: { flips: '0.005', error: '0.01' },
      rows: 30,
    });
    expect(parseAnyInterface(await readFile(at('iris', 'interface.json')))).toMatchObject({
      outputs: [{ kind: 'label', name: 'label', count: 3, rule: { kind: 'argmax' } }],
      input: { mode: 'digest', parts: [{ shape: [4], encoding: { kind: 'affine', axes: [0] } }] },
    });
  });

  it('gives proofs that verify, and openings that say how far the row is from what was proved', async () => {
    const model = await modelIdOf(at('iris'));
    const input = {
      row: Array.from(rows[1]!),
      opening: await readFile(openingPath(at('proofs'), 1)),
    };
    const [verdict] = await verdictsOf([bundlePath(at('proofs'), 1)], { model, input });
    expect(verdict).toMatchObject({ accepted: true, version: 2, row: 1, quality: { kind: 'not-judged' } });
    expect(verdict!.headline).toContain('quality not judged');
    expect(verdict!.distance!.deviation).toBeGreaterThan(0);
    expect(verdict!.distance!.deviation).toBeLessThanOrEqual(0.5);
  });

  it('goes on in a folder whose model.json was given a sidecar', async () => {
    const before = await readFile(bundlePath(at('proofs'), 0), 'utf8');
    const record: ModelRecordV2 = await json('proofs', 'model.json');
    const about = { what: 'model', sha256: record.ids.modelId } as const;
    const attestations = [{ about, type: 'text/plain', content: btoa('seen') }];
    await writeModelRecord(at('proofs', 'model.json'), { ...record, sidecars: { attestations } });
    await prove('iris', path.join(IRIS, 'test.json'), 'proofs', 4);
    expect(await readFile(bundlePath(at('proofs'), 0), 'utf8')).toBe(before);
  });

  it('can bind each proof to its own part of the context', async () => {
    const context = new TextEncoder().encode('order 7');
    const chosen = [{ index: 0, values: rows[0]! }];
    const unique = { artifactDir: at('iris'), rows: chosen, outDir: at('unique'), workers: 1, context };
    await proveBatch({ ...unique, uniqueContext: true });
    const before = await readFile(bundlePath(at('unique'), 0), 'utf8');
    const model = await modelIdOf(at('iris'));
    const [bound] = await verdictsOf([at('unique')], { model, context });
    expect(bound).toMatchObject({ accepted: true, contextId: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const [other] = await verdictsOf([at('unique')], { model, context: new TextEncoder().encode('order 8') });
    expect(other).toMatchObject({ accepted: false, valid: false });
    // The same command finds the row finished, and one without the option refuses its folder.
    expect(await proveBatch({ ...unique, uniqueContext: true })).toMatchObject({ proved: 0, kept: 1 });
    expect(await readFile(bundlePath(at('unique'), 0), 'utf8')).toBe(before);
    await expect(proveBatch(unique)).rejects.toMatchObject({ code: 'QP6202' });
  });

  it('names a row that was sealed again, as another row, as the same record', async () => {
    const [model, bundle]: [ModelRecordV2, BundleV2] = await Promise.all([
      json('proofs', 'model.json'),
      json('proofs', '000000.proof.json'),
    ]);
    await cp(at('proofs'), at('resealed'), { recursive: true });
    const { statement: _, ...proved } = bundle;
    await writeBundle(
      bundlePath(at('resealed'), 7),
      assembleBundleV2(model, { ...proved, row: { index: 7 } }),
    );
    const verdicts = await verdictsOf([at('resealed')], { anyModel: true });
    expect(verdicts.map(({ accepted, row }) => [accepted, row])).toEqual([
      [true, 0],
      [true, 1],
      [true, 7],
    ]);
    expect(findDuplicates(verdicts)).toMatchObject([{ places: [0, 2], why: 'resealed' }]);
  });

  it('gives statements from whose digest no guessed label is confirmed', async () => {
    const [model, bundle]: [ModelRecordV2, BundleV2] = await Promise.all([
      json('proofs', 'model.json'),
      json('proofs', '000000.proof.json'),
    ]);
    const { statement, statementDigest } = openEnvelopeV2(bundle.statement);
    const confirmed = (salt: string) =>
      LABELS.filter((label) => {
        const signals = [label, ...bundle.publicSignals.slice(1)];
        const guess = sealStatement(statementOfV2(model, signals, { salt }));
        return openEnvelopeV2(guess).statementDigest === statementDigest;
      });
    // Everything but the salt is known: model, input digest, context.
    expect(confirmed('00'.repeat(32))).toEqual([]);
    expect(confirmed(statement.predicate.salt)).toEqual([bundle.publicSignals[0]]);
    const other = openEnvelopeV2((await json('proofs', '000001.proof.json')).statement).statement;
    expect(other.predicate.salt).not.toBe(statement.predicate.salt);
  });
});

describe('an artifact of 0.1', () => {
  beforeAll(async () => {
    await cp(FIXTURE, at('old'), { recursive: true });
  });

  it('goes on proving in version 1, in the folder it began with too', async () => {
    const before = await readFile(at('old', 'proofs', '000000.proof.json'), 'utf8');
    await prove(path.join('old', 'breast-cancer-logreg'), CANCER, path.join('old', 'proofs'), 30);
    expect(await readFile(at('old', 'proofs', '000000.proof.json'), 'utf8')).toBe(before);
    expect(parseBundle(await readFile(at('old', 'proofs', '000001.proof.json'))).version).toBe(
      'quietproof/bundle/v1',
    );
    const model = await modelIdOf(at('old', 'breast-cancer-logreg'));
    const verdicts = await verdictsOf([at('old', 'proofs')], { model });
    expect(verdicts.map(({ accepted, version }) => [accepted, version])).toEqual([
      [true, 1],
      [true, 1],
    ]);
  });

  it('has no own part of a context', async () => {
    const old = { artifactDir: at('old', 'breast-cancer-logreg'), rows: [], outDir: at('none') };
    await expect(proveBatch({ ...old, uniqueContext: true })).rejects.toMatchObject({ code: 'QP6205' });
  });

  it('keeps its version under a new key', async () => {
    await cp(at('old', 'breast-cancer-logreg'), at('rekeyed'), { recursive: true });
    const { model } = await setUpArtifact(at('rekeyed'), {
      source: { kind: 'development' },
      behaviour: { count: 1 },
      force: true,
    });
    expect(model).toMatchObject({
      version: 'quietproof/model/v1',
      setup: { kind: 'development', contributions: [] },
    });
  });

  it('gives statements from whose digest a guessed label is confirmed', async () => {
    const [model, bundle]: [ModelRecord, ThinBundle] = await Promise.all([
      json('old', 'proofs', 'model.json'),
      json('old', 'proofs', '000000.proof.json'),
    ]);
    const { recordId } = openEnvelope(bundle.statement);
    const confirmed = LABELS.filter((label) => {
      const signals = [label, ...bundle.publicSignals.slice(1)];
      return openEnvelope(sealStatement(statementOf(model, signals, { index: 0 }))).recordId === recordId;
    });
    expect(confirmed).toEqual([bundle.publicSignals[0]]);
  });
});
