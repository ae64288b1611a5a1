import { readFileSync } from 'node:fs';
import path from 'node:path';
import { integerLogits } from '../../../src/compile/quality/compare.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import type { FloatGraph, FloatNode } from '../../../src/graph/float-graph.ts';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { uniformWidths } from '../../../src/quantize/bit-widths.ts';
import { calibrate } from '../../../src/quantize/calibrate.ts';
import { type QuantizedModel, quantizer } from '../../../src/quantize/quantize.ts';
import { rankedFeatures } from '../../../src/quantize/ranked-features.ts';

export interface Comparison {
  readonly rows: number;
  /** Rows whose label differs from ONNX Runtime's: of the float graph, and of the integer model. */
  readonly differences: number;
  readonly integerDifferences: number;
  /** Rows whose largest scores are closer together than the bound: float32 may order them either way. */
  readonly withinBound: number;
  /** Differences among all other rows, of which there must be none. */
  readonly unexplained: number;
  /** The largest difference of a score from ONNX Runtime's, as a part of the bound of its row. */
  readonly largestError: number;
}

/**
 * Compares a model's labels and scores with those that ONNX Runtime gave.
 *
 * The bound on the difference of a score: the runtime adds n + 1 numbers up in float32, one after the other, each sum
 * rounded by at most u = 2^-24 of itself. So the result is within γ·Σ|w| of the real sum, γ = n·u / (1 − n·u) (Higham,
 * Accuracy and Stability of Numerical Algorithms, 4.2), n trees, Σ|w| the sum of the magnitudes that the row's leaves
 * write. What a binary classifier then computes from it, 1 − s, adds one more rounding.
 */
export async function compareModel(folder: string): Promise<Comparison> {
  const graph = simplifyGraph(await importOnnx(path.join(folder, 'model.onnx')));
  const magnitudes = withMagnitudes(graph);
  const rows = readNpy(path.join(folder, 'rows.npy'));
  const scores = readNpy(path.join(folder, 'scores.npy'));
  const labels: string[] = JSON.parse(readFileSync(path.join(folder, 'labels.json'), 'utf8'));
  const trees = graph.nodes.reduce((sum, node) => sum + (node.op === 'trees' ? node.trees.length : 0), 0);
  const gamma = (count: number) => (count * 2 ** -24) / (1 - count * 2 ** -24);
  const integers = integerModel(graph, rows);
  let [differences, integerDifferences, withinBound, unexplained, largestError] = [0, 0, 0, 0, 0];
  for (const [k, row] of rows.entries()) {
    const logits = outputsOf(graph, executeFloat(graph, row));
    const bound = gamma(trees + 2) * Math.max(...outputsOf(magnitudes, executeFloat(magnitudes, row)));
    const best = indexOfLargest(logits);
    const margin = logits[best]! - Math.max(...logits.filter((_, i) => i !== best));
    const isClose = margin <= 2 * bound;
    const differs = graph.outputs[0]!.classes![best] !== labels[k];
    if (differs) differences += 1;
    if (isClose) withinBound += 1;
    const integer = indexOfLargest(integerLogits(integers, row));
    const integerDiffers = graph.outputs[0]!.classes![integer] !== labels[k];
    if (integerDiffers) integerDifferences += 1;
    if ((differs || integerDiffers) && !isClose) unexplained += 1;
    if (scores[k]!.length === logits.length) {
      const errors = logits.map((value, i) => Math.abs(value - scores[k]![i]!));
      largestError = Math.max(largestError, Math.max(...errors) / bound);
    }
  }
  return { rows: rows.length, differences, integerDifferences, withinBound, unexplained, largestError };
}

/** As the pipeline makes it: features coded by rank. */
function integerModel(graph: FloatGraph, rows: readonly Float64Array[]): QuantizedModel {
  const ranked = rankedFeatures(graph, {});
  const options = { input: 'digest', decisions: [{ kind: 'argmax' }], ranked } as const;
  return quantizer(graph, calibrate(graph, rows.slice(0, 200)), options)(uniformWidths(8));
}

const indexOfLargest = (scores: Float64Array): number => scores.indexOf(Math.max(...scores));

/** The graph with every number that it adds up replaced by its magnitude. */
function withMagnitudes(graph: FloatGraph): FloatGraph {
  const positive = (list: Float64Array) => list.map(Math.abs);
  const nodes = graph.nodes.map((node): FloatNode => {
    if (node.op === 'trees') {
      const leaves = (tree: (typeof node.trees)[number]) =>
        tree.leaves.map((leaf) => leaf.map((write) => ({ ...write, weight: Math.abs(write.weight) })));
      const trees = node.trees.map((tree) => ({ ...tree, leaves: leaves(tree) }));
      return { ...node, trees, base: positive(node.base) };
    }
    if (node.op !== 'linear') return node;
    const blocks = node.blocks.map((block) => ({ ...block, weights: positive(block.weights) }));
    const diagonals = node.diagonals.map((one) => ({ ...one, weights: positive(one.weights) }));
    return { ...node, blocks, diagonals, bias: positive(node.bias) };
  });
  return { ...graph, nodes };
}

/** A matrix of little-endian float32 numbers, in rows. */
function readNpy(file: string): Float64Array[] {
  const bytes = readFileSync(file);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.subarray(10, start).toString('latin1');
  const [, rows, columns] = /'descr': '<f4'.*'shape': \((\d+), (\d+)\)/.exec(header)!.map(Number);
  return Array.from({ length: rows! }, (_, r) =>
    Float64Array.from({ length: columns! }, (__, c) => bytes.readFloatLE(start + 4 * (r * columns! + c))),
  );
}
