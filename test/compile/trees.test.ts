import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type OpeningV2, parseAnyOpening, type RowValue, verifyBundle } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proveBatch } from '#dist/index.js';
import { type CompileResult, compileModel } from '../../src/compile/compile-model.ts';
import { inspectModel } from '../../src/compile/inspect-model.ts';
import { rederive } from '../../src/rederive/rederive.ts';
import { setUpArtifact } from '../../src/setup/set-up-artifact.ts';
import { runHere } from '../cli/support/run-here.ts';
import { USUAL_BACKEND } from '../support/backends.ts';

const MODEL = 'models/german-credit-gbm/model.onnx';
const CARD = 'models/german-credit-gbm/card.json';
const DATA = 'models/german-credit-gbm/applicants.csv';
const { NaN: missing, POSITIVE_INFINITY: infinite } = Number;

/** As a CSV would give them: numbers, a missing value, and an infinity. */
const ROWS = [
  [8358, 48, 1, 30, 1, 2, 1, 2, 0],
  [3105, 24, 4, 25, 2, 2, missing, missing, 0],
  [infinite, 24.1, 4, -0, 2, 2, 0, 1e-42, 7],
].map((values, index) => ({ index, values }));

let root: string;
let compiled: CompileResult;
const artifact = () => path.join(root, 'artifact');

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'trees-'));
  compiled = await compileModel({ model: MODEL, calibration: DATA, card: CARD, out: artifact() });
  await setUpArtifact(artifact(), { source: { kind: 'development' }, backend: USUAL_BACKEND.name });
  await proveBatch({
    artifactDir: artifact(),
    rows: ROWS,
    outDir: path.join(root, 'proofs'),
    backend: USUAL_BACKEND.name,
  });
});
afterAll(() => rm(root, { recursive: true, force: true }));

const read = (...words: string[]) => readFile(path.join(root, ...words));

describe('a compiled ensemble', () => {
  it('has no bits to choose, labels every row as its file does, and counts rows near another label', () => {
    const { manifest, accuracy, judgement } = compiled;
    expect(manifest.manifest.quantization).toEqual({ kind: 'none' });
    expect(manifest.quantization.reason).toMatch(/^none to choose/);
    expect(manifest.quantization.input).toEqual({ kind: 'rank32', nan: 'coded' });
    expect(judgement.result).toBe('kept');
    expect(accuracy).toMatchObject({ rows: 666, labelFlips: 0, leafSums: { within: 0 } });
    expect(accuracy.leafSums!.bound).toBeLessThan(1e-4);
    expect(manifest.manifest.claims?.soundness?.verdict).toBe('proved');
  });

  it('costs what inspect says without any rows', async () => {
    const { cost, comparisons } = await inspectModel(MODEL);
    expect(cost).toEqual(compiled.manifest.cost);
    expect(comparisons).toMatchObject({ isExact: true, cuts: { length: 9 } });
    expect(comparisons!.constraints).toBeLessThan(cost.constraints);
    const { code, stdout } = await runHere(['inspect', MODEL]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ thresholds of 9 values cost \d+ of 1,254 constraints: feature \d has /);
    expect(stdout).toContain('no bits to choose');
    expect(stdout).not.toContain('rough guess');
  });
});

describe('its proofs', () => {
  const verdictOf = async (index: number, row?: readonly RowValue[]) => {
    const [source, companion, opening] = await Promise.all([
      read('proofs', `00000${index}.proof.json`),
      read('proofs', 'model.json'),
      read('proofs', 'private', `00000${index}.opening.json`),
    ]);
    const question = { opening, ...(row !== undefined && { row }) };
    return verifyBundle(source, { companion, anyModel: true, input: question });
  };

  it.each([
    [0, ['8358', '48', '1', '30', '1', '2', '1', '2', '0']],
    [1, ['3105', '24', '4', '25', '2', '2', 'NaN', 'NaN', '0']],
    [2, ['Infinity', '24.1', '4', '0', '2', '2', '0', '1e-42', '7']],
  ])('of row %i open to what was given', async (row, texts) => {
    const opening = parseAnyOpening(await read('proofs', 'private', `00000${row}.opening.json`)) as OpeningV2;
    expect(opening.input).toEqual(texts);
    const verdict = await verdictOf(row);
    expect(verdict).toMatchObject({ accepted: true, answer: { kind: 'label' } });
    expect(verdict.features!.map(({ name }) => name)).toContain('checking balance');
  });

  it('are about the given row only: another missing value, or the next float32, is another row', async () => {
    const given: RowValue[] = [3105, 24, 4, 25, 2, 2, 'NaN', 'NaN', 0];
    expect((await verdictOf(1, given)).accepted).toBe(true);
    expect(await verdictOf(1, given.with(6, 2))).toMatchObject({ accepted: false, code: 'QP7604' });
    expect(await verdictOf(1, given.with(0, 3105.0004))).toMatchObject({ accepted: false, code: 'QP7604' });
  });
});

it('The artifact is derived again from its model and its rows', async () => {
  const zkey = path.join(artifact(), 'circuit.zkey');
  const { links } = await rederive(artifact(), { model: MODEL, card: CARD, calibration: DATA, zkey });
  expect(links.filter(({ status }) => status === 'differs')).toEqual([]);
  expect(links.find(({ link }) => link === 'integer graph')?.status).toBe('same');
  expect(links.find(({ link }) => link === 'claims')?.status).toBe('same');
}, 300_000);
