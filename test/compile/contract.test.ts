import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseQuality } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompileOptions, compileModel, readParts } from '../../src/compile/compile-model.ts';
import { loadModel } from '../../src/compile/load-model.ts';
import { qualityRecord } from '../../src/compile/quality/judge.ts';
import { quantizeOnData } from '../../src/compile/quantize-on-data.ts';
import { uniformWidths } from '../../src/quantize/bit-widths.ts';
import { stepsOf } from '../support/affine-codings.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'contract-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const dataOf = (model: string) => path.join('models', model, 'test.json');

async function quantized(model: string, options: Partial<CompileOptions> = {}) {
  const loaded = await loadModel(path.join('models', model), options);
  const parts = await readParts(loaded, { calibration: dataOf(model), ...options });
  return { parts, ...(await quantizeOnData(loaded, parts, options)) };
}

async function someRows(name: string, model: string, from: number, to: number): Promise<string> {
  const { inputs } = JSON.parse(await readFile(dataOf(model), 'utf8')) as { inputs: number[][] };
  const file = path.join(root, name);
  await writeFile(file, JSON.stringify(inputs.slice(from, to)));
  return file;
}

describe('the contract', () => {
  it('is kept by the cheapest bits found, on rows that calibrated nothing', async () => {
    const { judgement, parts, reason, cost } = await quantized('credit-scoring-mlp');
    expect(judgement).toMatchObject({ result: 'kept', by: 'flips', rows: 666, needed: 598 });
    expect(parts.heldOut.filter((index) => parts.fitted.includes(index))).toEqual([]);
    expect(qualityRecord(judgement)).toMatchObject({
      kind: 'judged',
      flips: { count: 0, upper: '0.004488' },
    });
    expect(reason).toMatch(/the cheapest of \d choices judged/);
    const generous = await quantized('credit-scoring-mlp', { maxFlips: 0.05 });
    expect(generous.judgement.result).toBe('kept');
    expect(generous.cost.constraints).toBeLessThan(cost.constraints);
  });

  it('judges values by their error, and needs few rows for it', async () => {
    const { judgement } = await quantized('breast-cancer-mlp', { output: 'logits' });
    expect(judgement).toMatchObject({ result: 'kept', by: 'error', rows: 114, needed: 10 });
    const tight = await quantized('breast-cancer-mlp', { output: 'logits', maxError: 1e-9 });
    expect(tight.judgement.result).toBe('broken');
    expect(tight.model.widths).toEqual(uniformWidths(16));
  });

  it('is not judged with too few rows: then nothing is searched for', async () => {
    const { judgement, model, reason } = await quantized('iris-mlp');
    expect(judgement).toMatchObject({ result: 'not-judged', rows: 30, needed: 598 });
    expect(model.widths).toEqual(uniformWidths(8));
    expect(reason).toContain('30 of the 598 held-out rows');
    expect(qualityRecord(judgement)).toEqual({
      kind: 'not-judged',
      contract: { flips: '0.005', error: '0.01' },
      rows: 30,
    });
  });

  it('is not judged where two rows are all there is, and both calibrate', async () => {
    const calibration = await someRows('two.json', 'iris-mlp', 0, 2);
    const { judgement, parts } = await quantized('iris-mlp', { calibration });
    expect(parts.fitted).toEqual([0, 1]);
    expect(judgement).toMatchObject({ result: 'not-judged', rows: 0 });
  });

  it('judges given bits all the same', async () => {
    const { judgement, model } = await quantized('credit-scoring-mlp', { bits: 4 });
    expect(model.widths).toEqual(uniformWidths(4));
    expect(judgement.result).toBe('broken');
  });

  it('holds out all of a file of its own, except rows that calibrated', async () => {
    const calibration = await someRows('first.json', 'iris-mlp', 0, 30);
    const test = await someRows('last.json', 'iris-mlp', 20, 45);
    const { parts, judgement } = await quantized('iris-mlp', { calibration, test });
    expect(parts.fitted).toHaveLength(30);
    expect(parts.heldOut).toEqual(Array.from({ length: 15 }, (_, k) => k + 10));
    expect(judgement.rows).toBe(15);
    const none = await quantized('iris-mlp', { calibration, test: calibration });
    expect(none.judgement).toMatchObject({ result: 'not-judged', rows: 0 });
  });

  it('accepts all rows of the calibration file, also those that do not calibrate', async () => {
    const { parts, model, judgement } = await quantized('iris-mlp');
    const { max } = model.graph.input;
    const { offset, step } = stepsOf(model.graph.input);
    for (const row of parts.calibration.rows) {
      row.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(offset[i]! - step[i]! / 2);
        expect(value).toBeLessThanOrEqual(offset[i]! + step[i]! * (max[i]! + 0.5));
      });
    }
    expect(judgement.comparison?.outside).toBe(0);
  });
});

describe('a broken contract', () => {
  const model = path.join('models', 'credit-scoring-mlp');
  const options = { model, calibration: dataOf('credit-scoring-mlp'), bits: 5, skipCheck: true };

  it('stops before circom, with the parts that lose the most and the worst rows', async () => {
    const out = path.join(root, 'broken');
    const error = await compileModel({ ...options, out }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'QP3103', exit: 2 });
    expect(await readdir(out).catch(() => [])).toEqual([]);
    const { judgement, sensitivity, bits } = (error as { report: Record<string, never> }).report as never as {
      judgement: { comparison: { worst: object[]; flips: { count: number } } };
      sensitivity: { parts: { part: string; bits: number; flips: number }[]; others: number };
      bits: string;
    };
    expect(bits).toBe('5 bits throughout');
    expect(judgement.comparison.worst).toHaveLength(3);
    expect(sensitivity.others).toBe(16);
    const flips = sensitivity.parts.map((part) => part.flips);
    expect(flips).toEqual(flips.toSorted((a, b) => b - a));
    expect(flips[0]).toBeGreaterThan(0);
  });

  it('is compiled where the loss is accepted, and the record says so', async () => {
    const out = path.join(root, 'accepted');
    const { judgement, manifest } = await compileModel({ ...options, out, acceptLoss: true });
    expect(judgement.result).toBe('broken');
    const quality = parseQuality(await readFile(path.join(out, 'quality.json')));
    expect(quality).toMatchObject({ kind: 'loss-accepted', rows: 666, contract: { flips: '0.005' } });
    expect(quality).toEqual(qualityRecord(judgement));
    expect(manifest.quantization.calibration).toMatchObject({ rows: 1000, fitted: 334 });
    expect(manifest.manifest.claims?.accuracy).toMatchObject({ rows: 666 });
    const accuracy = JSON.parse(await readFile(path.join(out, 'accuracy.json'), 'utf8'));
    expect(accuracy).toMatchObject({ version: 'quietproof/accuracy/v2', result: 'broken', by: 'flips' });
    expect(accuracy.worst).toHaveLength(3);
    expect(accuracy.error.outputs[0]).toMatchObject({
      largest: expect.stringMatching(/^0\.\d+$/),
      rms: expect.stringMatching(/^0\.\d+$/),
      row: expect.any(Number),
    });
  });
});
