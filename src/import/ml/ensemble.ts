import type { TreesNode } from '../../graph/float-graph.ts';
import type { Tree } from '../../graph/tree.ts';
import { DATA_TYPES, FLOAT } from '../onnx/data-types.ts';
import type { OperatorContext } from '../onnx/operator.ts';
import type { ViewValue } from '../onnx/value.ts';
import { shapeText, type TensorView } from '../tensor.ts';
import { numbersOf } from './numbers.ts';
import { ThresholdFolder } from './threshold-folder.ts';

/** What an ensemble computes, apart from its trees. */
export interface EnsembleParts {
  readonly targets: number;
  readonly aggregate: TreesNode['aggregate'];
  /** One per target, or none. */
  readonly base: ArrayLike<number>;
  /** Numbers that the trees hold, to be reserved before they are built. */
  readonly size: number;
  /** Builds the trees, with thresholds folded. */
  readonly build: (folder: ThresholdFolder) => Tree[];
}

/**
 * Adds an ensemble to the graph: one node per row of its operand.
 *
 * @returns the scores, [rows, targets]
 * @throws QuietproofError QP2110 for an operand that is no matrix, QP2105 for one of another type than float32 or float64,
 *   QP2112 if it is too large
 */
export function addEnsemble(context: OperatorContext, parts: EnsembleParts): TensorView {
  const { builder, node } = context;
  const value = numbersOf(context, 0);
  const [rows, columns] = sizeOfRows(context, value);
  const { ids } = value.view;
  const all: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    builder.checkSize(node, parts.size);
    const folder = new ThresholdFolder(context, ids.subarray(row * columns, (row + 1) * columns));
    const trees = parts.build(folder);
    const source = Int32Array.from(folder.sources);
    const base = parts.base.length === 0 ? new Float64Array(parts.targets) : Float64Array.from(parts.base);
    const results = builder.trees(node, parts.size, { trees, source, aggregate: parts.aggregate, base });
    noteLeaves(context, results, { trees, source, base });
    all.push(...results);
  }
  return { shape: [rows, parts.targets], ids: Int32Array.from(all) };
}

/** Values at leaves that are noted of one tree: enough for any that is computed with, and no memory of a hostile file. */
const MAX_NOTED = 2 ** 20;

/** What a single tree gives is a function of its leaf. */
function noteLeaves(
  { builder }: OperatorContext,
  ids: Int32Array,
  { trees, source, base }: { trees: readonly Tree[]; source: Int32Array; base: Float64Array },
): void {
  const [tree, ...more] = trees;
  if (tree === undefined || more.length > 0 || tree.leaves.length * base.length > MAX_NOTED) return;
  const values = Array.from(base, (own) => new Float64Array(tree.leaves.length).fill(Math.fround(own)));
  for (const [leaf, writes] of tree.leaves.entries())
    for (const { target, weight } of writes) values[target]![leaf] = Math.fround(weight + base[target]!);
  ids.forEach((id, target) => {
    builder.leaves.set(id, { tree, source, values: values[target]! });
  });
}

function sizeOfRows(context: OperatorContext, { view, dataType }: ViewValue): [number, number] {
  const { shape } = view;
  const [rows, columns] = shape;
  if (rows === undefined || columns === undefined || shape.length !== 2)
    throw context.error('QP2110', `${context.node.op} takes rows of features, not ${shapeText(shape)}`);
  const type = DATA_TYPES[dataType];
  if (dataType !== FLOAT && type?.name !== 'float64')
    throw context.error('QP2105', `${context.node.op} of ${type?.name} is not supported`, 'Cast to float32');
  return [rows, columns];
}

const AGGREGATES: Readonly<Record<string, TreesNode['aggregate']>> = {
  __proto__: null as never,
  SUM: 'sum',
  AVERAGE: 'average',
  MIN: 'min',
  MAX: 'max',
};

/** @param name as TreeEnsembleRegressor writes it */
export function aggregateOf(context: OperatorContext, name: string): TreesNode['aggregate'] {
  const aggregate = AGGREGATES[name];
  if (aggregate !== undefined) return aggregate;
  throw context.unsupported(`with the aggregate function ${JSON.stringify(name.slice(0, 30))}`);
}
