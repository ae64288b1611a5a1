import { expect } from 'vitest';
import type { ModelSpec } from '../onnx/build-onnx.ts';
import { largestError, runModel } from '../onnx/compare.ts';
import { answersOf, largestIndex } from './ensembles.ts';

/** That a classifier gives ONNX Runtime's label on every row, and more than one of them. */
export async function expectSameLabels(model: ModelSpec, rows: readonly Float64Array[]): Promise<void> {
  const { graph, ours, theirs } = await answersOf(model, rows);
  expect(graph.outputs[0]!.head).toBe('argmax');
  expect(new Set(theirs.map(([label]) => label)).size).toBeGreaterThan(1);
  expect(ours.map(largestIndex)).toEqual(theirs.map(([label]) => label));
}

/** That a model's values are ONNX Runtime's on every row, within `limit`, exclusive. */
export async function expectSameValues(
  model: ModelSpec,
  rows: readonly Float64Array[],
  limit: number,
): Promise<void> {
  const { graph, theirs } = await answersOf(model, rows);
  for (const [i, row] of rows.entries())
    expect(largestError(runModel(graph, row), theirs[i]!)).toBeLessThan(limit);
}
