import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ModelAnswerer } from '#dist/index.js';
import { pseudoRandom } from '../../src/data/pseudo-random.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { type IrisArtifact, irisArtifact } from '../support/iris-artifact.ts';
import { Auditor } from './support/audit-of.ts';

const SOURCE = 'models/iris-mlp/model.onnx';
/** So many without a change show that fewer than 0.5 % of decisions change, which is what the producer states. */
const ENOUGH = 600;
let iris: IrisArtifact;
let auditor: Auditor;
let proofs: string;
/** Rows by whether the proved label is that of the model file, which runs here apart from all that is measured. */
const rows = { same: [] as number[][], changed: [] as number[][] };

beforeAll(async () => {
  iris = await irisArtifact('digest');
  auditor = new Auditor(iris.root);
  proofs = path.join(iris.root, 'proofs');
  const words = ['prove', iris.artifactDir, '--inputs', 'models/iris-mlp/test.json', '--rows', '0-1'];
  expect((await runCli([...words, '--out', proofs])).code).toBe(0);
  await findRows();
});
afterAll(() => iris.remove());

async function findRows(): Promise<void> {
  const session = await ort.InferenceSession.create(SOURCE);
  const answerer = await ModelAnswerer.open(iris.artifactDir);
  const random = pseudoRandom(7);
  const [low, high] = [0, 1, 2, 3]
    .map((at) => iris.rows.map((row) => row[at]!))
    .reduce(
      ([lows, highs], values) => [
        [...lows, Math.min(...values)],
        [...highs, Math.max(...values)],
      ],
      [[], []] as [number[], number[]],
    );
  for (let tried = 0; rows.same.length < ENOUGH || rows.changed.length === 0; tried += 1) {
    expect(tried).toBeLessThan(20_000);
    const row = low.map((least, at) => least + random() * (high[at]! - least));
    const fed = { [session.inputNames[0]!]: new ort.Tensor('float32', Float32Array.from(row), [1, 4]) };
    const scores = Array.from((await session.run(fed))[session.outputNames[0]!]!.data as Float32Array);
    const [{ answer } = {}] = answerer.decode(answerer.answer(answerer.encode(row)));
    rows[
      answer?.kind === 'label' && answer.index === scores.indexOf(Math.max(...scores)) ? 'same' : 'changed'
    ].push(row);
  }
}

async function measured(inputs: readonly number[][], labels?: readonly number[]) {
  const data = path.join(auditor.folder({}), 'rows.json');
  writeFileSync(data, JSON.stringify({ inputs, ...(labels && { labels }) }));
  const measure = { data, sources: [SOURCE] };
  const { findings, of, wrong } = await auditor.auditFolders([proofs], {
    models: [iris.artifactDir],
    measure,
  });
  return { model: findings.models[0]!.measured, finding: of('quality-broken'), wrong };
}

it('says of a model what its producer promised, on rows of the auditor', async () => {
  const kept = await measured(rows.same.slice(0, ENOUGH));
  expect(kept.model).toMatchObject({ rows: ENOUGH, outside: 0, contract: 'kept', flips: { count: 0 } });
  expect([kept.finding.grade, kept.wrong]).toEqual(['pass', []]);
  const [same, changed] = [rows.same[0]!, rows.changed[0]!];
  const mixed = Array.from({ length: ENOUGH }, (_, at) => (at < 20 ? changed : same));
  const broken = await measured(mixed);
  expect(broken.model).toMatchObject({ contract: 'broken', flips: { count: 20 } });
  expect([broken.finding.records.count, broken.wrong]).toEqual([2, ['quality-broken']]);
});

it('judges nothing by a few rows, and says how often the answers are right', async () => {
  const few = await measured([rows.same[0]!, [1000, 1, 1, 1]], [0, 1]);
  expect(few.model).toMatchObject({ rows: 2, outside: 1, contract: 'not-judged' });
  expect(Object.values(few.model!.accuracy!).every((share) => Number(share) <= 1)).toBe(true);
  expect(few.finding).toMatchObject({ grade: 'open', result: expect.stringContaining('too few rows') });
});

it('measures a model against its own source only', async () => {
  const words = ['audit', proofs, '--out', path.join(iris.root, 'out'), '--model', iris.artifactDir];
  const data = 'models/iris-mlp/test.json';
  const other = await runCli([...words, '--measure', data, '--source', 'models/digits-mlp/model.onnx']);
  expect(other.stderr).toContain('QP6606');
  expect((await runCli([...words, '--measure', data])).stderr).toContain('QP1001');
  expect((await runCli([...words, '--source', SOURCE])).stderr).toContain('QP1001');
});

it('measures no other integer model than the one of the record', async () => {
  const artifact = path.join(iris.root, 'other-scales');
  cpSync(iris.artifactDir, artifact, { recursive: true });
  const file = path.join(artifact, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const [layer] = manifest.quantization.layers;
  layer.scale = String(Number(layer.scale) * 2);
  writeFileSync(file, JSON.stringify(manifest));
  const measure = { data: 'models/iris-mlp/test.json', sources: [SOURCE] };
  await expect(auditor.auditFolders([proofs], { models: [artifact], measure })).rejects.toMatchObject({
    code: 'QP4506',
    message: expect.stringContaining('integer graph'),
  });
});
