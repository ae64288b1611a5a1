import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AnswerFolder, ModelAnswerer, ProverPool, verifyFiles } from '#dist/index.js';
import { poseidonTrace } from '../../src/circuit/digest/poseidon-trace.ts';
import { ModelAnswerer as SourceAnswerer } from '../../src/prove/model-answerer.ts';
import { contextSignal, openEnvelopeV2 } from '../../src/verify/index.ts';
import { manifestDigestV2 } from '../../src/verify/v2/ids.ts';
import { type IrisArtifact, irisArtifact } from '../support/iris-artifact.ts';

vi.mock('../../src/circuit/digest/poseidon-trace.ts', { spy: true });
vi.mock('../../src/verify/v2/ids.ts', { spy: true });
vi.mock('../../src/verify/v2/statement.ts', { spy: true });

describe('answers that are stated before they are proved', () => {
  let artifact: IrisArtifact;
  let model: ModelAnswerer;
  let pool: ProverPool;
  beforeAll(async () => {
    artifact = await irisArtifact('digest');
    model = await ModelAnswerer.open(artifact.artifactDir);
    pool = await ProverPool.open({ artifactDir: artifact.artifactDir, workers: 1 });
  });
  afterAll(async () => {
    await pool.close();
    await artifact.remove();
  });

  const rowOf = (index: number) => artifact.rows[index]!;

  it('states the public signals that the proof then has', async () => {
    const callerPart = new TextEncoder().encode('order 17');
    const contextId = 'ab'.repeat(32);
    for (const index of [0, 1, 2]) {
      const answer = model.answer(model.encode(rowOf(index)));
      const stated = model.state(answer, { callerPart, contextId });
      const proved = await pool.prove(model.jobOf(stated));
      expect(proved.publicSignals).toEqual(stated.publicSignals);
      expect(stated.context).toBe(contextSignal(callerPart, Buffer.from(contextId, 'hex')));
    }
  });

  it('gives each statement a salt, a context and an id of its own', () => {
    const answer = model.answer(model.encode(rowOf(0)));
    const [one, two] = [model.state(answer), model.state(answer)];
    expect(one.id).not.toBe(two.id);
    expect(one.context).not.toBe(two.context);
    expect(one.salt).not.toBe(two.salt);
  });

  it('digests each input once, and what all statements share once for all', async () => {
    const own = await SourceAnswerer.open(artifact.artifactDir);
    const answer = own.answer(own.encode(rowOf(0)));
    vi.clearAllMocks();
    const stated = Array.from({ length: 5 }, () => own.state(answer));
    expect(vi.mocked(poseidonTrace)).toHaveBeenCalledTimes(5);
    expect(vi.mocked(manifestDigestV2)).toHaveBeenCalledTimes(1);
    expect(vi.mocked(openEnvelopeV2)).not.toHaveBeenCalled();
    for (const { statement, id, leaf } of stated) {
      expect(openEnvelopeV2(statement)).toMatchObject({ statementDigest: id, leaf });
    }
  });

  it('writes bundles that verify, with the statement and the answer that were given', async () => {
    const out = await AnswerFolder.open(await mkdtemp(path.join(artifact.root, 'out-')), model);
    const stated = model.state(model.answer(model.encode(rowOf(3))));
    await out.keep(stated);
    const file = await out.write(stated, await pool.prove(model.jobOf(stated)));
    expect(path.basename(file)).toBe(`${stated.id}.proof.json`);
    expect(JSON.parse(await readFile(file, 'utf8')).statement).toEqual(stated.statement);
    const openings = await readdir(path.join(out.folder, 'private'));
    expect(openings).toEqual([`${stated.id}.opening.json`]);
    const options = { model: model.model.ids.modelId, anyContext: true };
    for await (const { verdict } of verifyFiles([out.folder], options)) {
      expect(verdict).toMatchObject({ accepted: true, answers: model.decode(stated) });
    }
    // Opened again, it goes on.
    await AnswerFolder.open(out.folder, model);
  });

  it('refuses rows that no proof can be about', () => {
    const wrong = (row: (number | string)[]) => () => model.encode(row, 5);
    expect(wrong([1, 2, 3, 4, 5])).toThrow(expect.objectContaining({ code: 'QP6201' }));
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e9, -1e9, '7']) {
      const row: (number | string)[] = rowOf(0);
      row[3] = value;
      expect(wrong(row), String(value)).toThrow(/QP6201 .*row 5, feature 3/);
    }
  });

  it('refuses a damaged graph, and a folder with proofs of another model', async () => {
    const folder = await mkdtemp(path.join(artifact.root, 'other-'));
    const record = JSON.parse(await readFile(path.join(artifact.artifactDir, 'model.json'), 'utf8'));
    record.ids.modelId = '0'.repeat(64);
    await writeFile(path.join(folder, 'model.json'), JSON.stringify(record));
    await expect(AnswerFolder.open(folder, model)).rejects.toThrow(/QP6202|QP7/);
    const file = path.join(artifact.artifactDir, 'integer-graph.json');
    const graph = await readFile(file);
    await writeFile(file, graph.subarray(1));
    await expect(ModelAnswerer.open(artifact.artifactDir)).rejects.toThrow('QP6103');
    await writeFile(file, graph);
  });
});

describe('an artifact of 0.1 with a public input', () => {
  it('answers, and states nothing', async () => {
    const model = await ModelAnswerer.open('test/fixtures/artifact-0.1/breast-cancer-logreg');
    const { inputs } = JSON.parse(await readFile('models/breast-cancer-logreg/test.json', 'utf8'));
    const answer = model.answer(model.encode(inputs[0]));
    expect(model.decode(answer)).toMatchObject([{ answer: { kind: 'decision' } }]);
    expect(() => model.state(answer)).toThrow('QP6207');
    await expect(AnswerFolder.open('never-made', model)).rejects.toThrow('QP6207');
  });
});
