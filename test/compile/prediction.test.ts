import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileModel } from '../../src/compile/compile-model.ts';
import { inspectModel } from '../../src/compile/inspect-model.ts';
import { predict } from '../../src/compile/prediction.ts';
import { irisArtifact } from '../support/iris-artifact.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'quietproof-prediction-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Peak memory in MB of provers with one thread, and constraints: bench/README.md. */
const BENCH = [
  { name: 'credit-scoring-mlp', constraints: 465, digest: 0, domainPower: 9, native: 67.8, snarkjs: 101 },
  { name: 'mnist-mlp', constraints: 3_189, digest: 0, domainPower: 12, native: 81.3, snarkjs: 198 },
  {
    name: 'mnist-mlp-digest',
    constraints: 7_184,
    digest: 4_507,
    domainPower: 13,
    native: 98.8,
    snarkjs: 183,
  },
  { name: 'mnist-lenet', constraints: 129_775, digest: 0, domainPower: 17, native: 351, snarkjs: 449 },
] as const;

describe('a prediction', () => {
  it.each(BENCH)('of memory is that of the bench within a factor of 1.5: $name', (own) => {
    const cost = { ...own, layers: [], publicSignals: 3 };
    const work = { constraints: own.constraints, weights: 0 };
    const { provers } = predict({ cost, work, furtherCoefficients: 0, slowness: 1 });
    for (const name of ['native', 'snarkjs'] as const) {
      const ratio = provers[name].memoryBytes / 1e6 / own[name];
      expect(Math.max(ratio, 1 / ratio), name).toBeLessThan(1.5);
    }
  });

  it('of counts is exact, and of circom’s memory within a factor of 1.5', async () => {
    const model = 'models/breast-cancer-logreg';
    const calibration = path.join(model, 'test.json');
    const { cost, prediction, refusal } = await inspectModel(model, { calibration });
    const { manifest, circom } = await compileModel({
      model,
      calibration,
      out: path.join(folder, 'artifact'),
    });
    expect(cost).toEqual(manifest.cost);
    expect(refusal).toBeUndefined();
    const ratio = circom.peakRssBytes / prediction.circomBytes;
    expect(Math.max(ratio, 1 / ratio)).toBeLessThan(1.5);
  });

  it.each(['digest', 'public'] as const)('of the key is close to its size: %s', async (input) => {
    const { artifactDir, remove } = await irisArtifact(input);
    const calibration = path.join('models', 'iris-mlp', 'test.json');
    const options = { calibration, input, bits: 8, output: 'label' };
    const { prediction } = await inspectModel('models/iris-mlp', options);
    const { size } = await stat(path.join(artifactDir, 'circuit.zkey'));
    await remove();
    expect(Math.abs(prediction.keyBytes / size - 1)).toBeLessThan(0.05);
  });

  it('scales with the machine, but what was measured on it stays', () => {
    const cost = { constraints: 1000, digest: 300, layers: [], publicSignals: 3, domainPower: 10 };
    const work = { constraints: 1000, weights: 500 };
    const task = { cost, work, furtherCoefficients: 0, quantizeSeconds: 7 };
    const [one, two] = [1, 2].map((slowness) => predict({ ...task, slowness }));
    expect(two!.provers.native.seconds).toBeCloseTo(2 * one!.provers.native.seconds);
    expect(two!.compileSeconds - 7).toBeCloseTo(2 * (one!.compileSeconds - 7));
    expect(two!.keyBytes).toBe(one!.keyBytes);
  });
});
