import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { compileModel } from '../../src/compile/compile-model.ts';
import { inspectModel } from '../../src/compile/inspect-model.ts';

// A model that is really too large takes minutes: here the limit is lowered instead.
vi.mock('../../src/circuit/circom/circom-process.ts', async (original) => ({
  ...(await original()),
  WASM_MEMORY_MIB: 10,
}));

const MODEL = 'models/breast-cancer-logreg';
const DATA = path.join(MODEL, 'test.json');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'quietproof-refusal-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('inspect and compile refuse the same circuit, before circom starts, and leave nothing behind', async () => {
  const report = await inspectModel(MODEL, { calibration: DATA });
  expect(report.refusal).toMatchObject({
    code: 'QP4003',
    where: expect.stringMatching(/^555 constraints and 30 weights take it/),
  });
  const steps: string[] = [];
  const out = path.join(folder, 'artifact');
  const compiling = compileModel({
    ...{ model: MODEL, calibration: DATA, out },
    onStep: (step) => steps.push(step),
  });
  await expect(compiling).rejects.toMatchObject({ ...report.refusal });
  expect(steps).toEqual(['import', 'quantize']);
  expect(await readdir(out)).toEqual([]);
});
