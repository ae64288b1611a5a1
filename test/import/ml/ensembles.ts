import { openOnnxReference } from '../../../src/compile/reference/onnx-runtime.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import type { FloatGraph } from '../../../src/graph/float-graph.ts';
import { float32OfRank, float32Rank } from '../../../src/graph/float32.ts';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { type AttributeSpec, buildOnnx, type ModelSpec, writeModel } from '../onnx/build-onnx.ts';

export const MODES = ['LEQ', 'LT', 'GTE', 'GT', 'EQ', 'NEQ'] as const;
export type Mode = (typeof MODES)[number];

/** A tree as a test writes it; a leaf is what it writes to each target. */
export type TreeSpec =
  | { readonly leaf: Readonly<Record<number, number>> }
  | {
      readonly mode: Mode;
      readonly feature: number;
      readonly threshold: number;
      readonly missing?: boolean;
      readonly whenTrue: TreeSpec;
      readonly whenFalse: TreeSpec;
    };

/** The attributes of a TreeEnsembleRegressor, or of a TreeEnsembleClassifier if the prefix is `class`. */
export function ensembleAttributes(
  trees: readonly TreeSpec[],
  prefix: 'class' | 'target' = 'target',
): Record<string, AttributeSpec> {
  const list = new TableWriter();
  for (const [tree, root] of trees.entries()) list.addTree(tree, root);
  const { nodes, writes } = list;
  return {
    nodes_treeids: nodes.map(({ tree }) => tree),
    nodes_nodeids: nodes.map(({ id }) => id),
    nodes_modes: { strings: nodes.map(({ mode }) => mode) },
    nodes_featureids: nodes.map(({ feature }) => feature),
    nodes_values: { floats: nodes.map(({ value }) => value) },
    nodes_missing_value_tracks_true: nodes.map(({ missing }) => missing),
    nodes_truenodeids: nodes.map(({ whenTrue }) => whenTrue),
    nodes_falsenodeids: nodes.map(({ whenFalse }) => whenFalse),
    [`${prefix}_treeids`]: writes.map(({ tree }) => tree),
    [`${prefix}_nodeids`]: writes.map(({ id }) => id),
    [`${prefix}_ids`]: writes.map(({ target }) => target),
    [`${prefix}_weights`]: { floats: writes.map(({ weight }) => weight) },
  };
}

/** Lists nodes as the attributes do, with parents before their children. */
class TableWriter {
  readonly nodes: ReturnType<typeof entry>[] = [];
  readonly writes: { tree: number; id: number; target: number; weight: number }[] = [];
  #first = 0;

  addTree(tree: number, root: TreeSpec): void {
    this.#first = this.nodes.length;
    this.#add(tree, root);
  }

  #add(tree: number, spec: TreeSpec): number {
    const id = this.nodes.length - this.#first;
    const node = entry(tree, id, spec);
    this.nodes.push(node);
    if ('leaf' in spec) {
      for (const [target, weight] of Object.entries(spec.leaf))
        this.writes.push({ tree, id, target: Number(target), weight });
      return id;
    }
    node.whenTrue = this.#add(tree, spec.whenTrue);
    node.whenFalse = this.#add(tree, spec.whenFalse);
    return id;
  }
}

function entry(tree: number, id: number, spec: TreeSpec) {
  const children = { whenTrue: 0, whenFalse: 0 };
  if ('leaf' in spec) return { tree, id, mode: 'LEAF', feature: 0, value: 0, missing: 0, ...children };
  const { mode, feature, threshold, missing } = spec;
  return {
    tree,
    id,
    mode: `BRANCH_${mode}`,
    feature,
    value: threshold,
    missing: missing ? 1 : 0,
    ...children,
  };
}

/** A model of one regressor. */
export function regressor(
  trees: readonly TreeSpec[],
  features: number,
  attributes: Record<string, AttributeSpec> = {},
): ModelSpec {
  const node = { op: 'TreeEnsembleRegressor', domain: 'ai.onnx.ml', inputs: ['x'], output: 'y' };
  const all = { n_targets: 1, ...ensembleAttributes(trees), ...attributes };
  return { input: ['N', features], opset: 0, learnedOpset: 3, nodes: [{ ...node, attributes: all }] };
}

/** A model of one classifier, with outputs `label` and `scores`. */
export function classifier(
  trees: readonly TreeSpec[],
  features: number,
  attributes: Record<string, AttributeSpec>,
): ModelSpec {
  const node = { op: 'TreeEnsembleClassifier', domain: 'ai.onnx.ml', inputs: ['x'], output: 'label' };
  const all = { ...ensembleAttributes(trees, 'class'), ...attributes };
  const label = { name: 'label', type: 'classlabels_strings' in attributes ? 8 : 7 };
  const outputs = [label, { name: 'scores', type: 1 }];
  return {
    input: ['N', features],
    opset: 0,
    learnedOpset: 3,
    outputs,
    nodes: [{ ...node, further: ['scores'], attributes: all }],
  };
}

export interface Answers {
  readonly graph: FloatGraph;
  /** Ours, by row: the values before the final function. */
  readonly ours: readonly Float64Array[];
  /** ONNX Runtime's, by row: of the same output of the file. */
  readonly theirs: readonly Float64Array[];
}

/** Runs a model on rows, as we read it and in ONNX Runtime. */
export async function answersOf(model: ModelSpec | string, rows: readonly Float64Array[]): Promise<Answers> {
  const path = typeof model === 'string' ? model : writeModel(buildOnnx(model));
  const graph = simplifyGraph(await importOnnx(path));
  const reference = await openOnnxReference(path, [graph.outputs[0]!]);
  try {
    const theirs: Float64Array[] = [];
    for (const row of rows) theirs.push(await reference.run(row));
    return { graph, ours: rows.map((row) => outputsOf(graph, executeFloat(graph, row))), theirs };
  } finally {
    await reference.close();
  }
}

/** The lowest index of the largest score. */
export function largestIndex(scores: Float64Array): number {
  return scores.indexOf(Math.max(...scores));
}

/** A float32, the one below it and the one above it. */
export function neighbours(value: number): number[] {
  const rank = float32Rank(Math.fround(value));
  return [rank - 1, rank, rank + 1].map(float32OfRank).filter((one) => !Number.isNaN(one));
}

const SMALLEST = 2 ** -149;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** Values at which implementations differ, if any do. */
export const HOSTILE: readonly number[] = [
  ...[Number.NaN, Infinity, -Infinity, 0, -0, SMALLEST, -SMALLEST, 2 ** -126, -(2 ** -127)],
  ...[LARGEST, -LARGEST, 1, -1, ...neighbours(0.1), ...neighbours(-16777216), 3.5],
];

export const rowsOf = (values: readonly number[]): Float64Array[] =>
  values.map((value) => Float64Array.of(value));
