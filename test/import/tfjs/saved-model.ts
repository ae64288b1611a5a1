import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as core from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { pseudoRandom } from '../../../src/data/pseudo-random.ts';

core.env().set('PROD', true);

/** Seeded numbers in [−1, 1). */
export function randomNumbers(count: number, seed: number): Float32Array {
  const random = pseudoRandom(seed);
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

/** Gives every weight of a model seeded values; variances positive ones. */
export function randomizeWeights(model: LayersModel, seed: number): void {
  for (const [index, weight] of model.weights.entries()) {
    const count = core.util.sizeFromShape(weight.shape as number[]);
    const values = randomNumbers(count, seed + index);
    const isVariance = weight.name.includes('variance');
    const tensor = core.tensor(
      isVariance ? values.map((x) => x * x + 0.1) : values,
      weight.shape as number[],
    );
    weight.write(tensor);
    tensor.dispose();
  }
}

/** A model in the form in which the library saves it. */
export interface SavedModel {
  json: Record<string, unknown> & {
    modelTopology: Record<string, unknown>;
    weightsManifest: ManifestGroup[];
  };
  weights: Uint8Array;
}

export interface ManifestGroup {
  paths: string[];
  weights: { name: string; shape: number[]; dtype: string; quantization?: Record<string, unknown> }[];
}

/** The files that `model.save` would write: `model.json` and one shard. */
export async function saved(model: LayersModel): Promise<SavedModel> {
  let artifacts: core.io.ModelArtifacts | undefined;
  const save = async (given: core.io.ModelArtifacts) => {
    artifacts = given;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } };
  };
  await model.save({ save });
  const { modelTopology, weightSpecs, weightData } = artifacts!;
  const json = {
    modelTopology: structuredClone(modelTopology) as Record<string, unknown>,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs as ManifestGroup['weights'] }],
    format: 'layers-model',
    generatedBy: 'test',
    convertedBy: null,
  };
  return { json, weights: new Uint8Array(weightData as ArrayBuffer) };
}

/** Runs `work` on a temporary model folder. @param files next to `model.json` */
export async function withModelFolder<T>(
  json: unknown,
  files: Readonly<Record<string, Uint8Array>>,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'layers-'));
  try {
    await mkdir(join(folder, 'inner'));
    const path = join(folder, 'inner', 'model.json');
    await writeFile(path, typeof json === 'string' ? json : JSON.stringify(json));
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, 'inner', name), bytes);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}
