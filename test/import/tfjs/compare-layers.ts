import * as core from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { expect } from 'vitest';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import { importTfjs } from '../../../src/import/tfjs/import-tfjs.ts';
import { randomizeWeights, randomNumbers, type SavedModel, saved, withModelFolder } from './saved-model.ts';

export type Layer = Parameters<tf.Sequential['add']>[0];

/**
 * Imports a model as saved, runs both, and expects the same numbers.
 *
 * @param patch changes the saved JSON
 * @param write changes weights, which are random
 */
export async function compare(
  model: tf.LayersModel,
  patch?: (json: SavedModel['json']) => void,
  write?: (model: tf.LayersModel) => void,
): Promise<void> {
  randomizeWeights(model, 11);
  write?.(model);
  const { json, weights } = await saved(model);
  patch?.(json);
  const graph = await withModelFolder(json, { 'weights.bin': weights }, importTfjs);
  const [batch, ...shape] = model.inputs[0]!.shape as [number | null, ...number[]];
  const rows = batch ?? 1;
  expect(graph.input.shape).toEqual(rows > 1 ? [rows, ...shape] : shape);
  expect(graph.outputs.length).toBe(rows);
  for (const seed of [1, 2]) {
    const row = randomNumbers(graph.input.count, seed);
    const output = model.predict(core.tensor(row, [rows, ...shape]), { batchSize: rows }) as core.Tensor;
    const found = outputsOf(graph, executeFloat(graph, Float64Array.from(row)));
    for (const own of graph.outputs) expect(own.shape).toEqual(output.shape.slice(1));
    const expected = output.dataSync();
    const scale = Math.max(1, ...expected.map(Math.abs));
    expect(found.length).toBe(expected.length);
    for (const [i, x] of expected.entries()) expect(Math.abs(found[i]! - x)).toBeLessThan(1e-5 * scale);
  }
}

/** A Sequential model of some layers. */
export function chain(inputShape: number[], ...layers: Layer[]): tf.LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape }));
  for (const layer of layers) model.add(layer);
  return model;
}
