import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
import type { LeafFunction } from '../leaf-function.ts';
import { foldNode, isFolded } from '../onnx/fold/fold.ts';
import { OperatorContext } from '../onnx/operator.ts';
import { operatorOf } from '../onnx/operators.ts';
import type { ConstValue, Value, ViewValue } from '../onnx/value.ts';

const ALSO_FOLDED: ReadonlySet<string> = new Set(['Cast', 'LabelEncoder']);

/** Whether an operator may be computed at the leaves of a tree. */
export const isFoldedAtLeaves = (op: string): boolean => isFolded(op) || ALSO_FOLDED.has(op);

/**
 * Computes a node whose operands are decided by one tree, and constants: its result is too, so it is computed at each
 * leaf, as on constants. scikit-learn's isolation forest looks up the leaf that a tree gives, and computes the depth from
 * it. Undefined for any other node.
 */
export function foldAtLeaves(context: OperatorContext, domain: string | null | undefined): Value | undefined {
  const { builder, node } = context;
  if (!isFoldedAtLeaves(node.op)) return undefined;
  // Elsewhere, a label stays one.
  const inputs =
    node.op === 'Equal' ? context.inputs.map((value) => labelAtLeaves(builder, value)) : context.inputs;
  const views = inputs.filter((value): value is ViewValue => value?.kind === 'view');
  const known = views.flatMap(({ view }) => Array.from(view.ids, (id) => builder.leaves.get(id)));
  const [first] = known;
  if (first === undefined || known.some((one) => one?.tree.branches !== first.tree.branches))
    return undefined;
  if (inputs.some((value) => value !== undefined && value.kind === 'head')) return undefined;
  const results: ConstValue[] = [];
  for (let leaf = 0; leaf < first.tree.leaves.length; leaf += 1) {
    const atLeaf = new OperatorContext({
      ...context,
      inputs: inputs.map((value) => (value?.kind === 'view' ? constantAt(context, value, leaf) : value)),
    });
    const folded = domain === '' || !domain ? foldNode(atLeaf) : undefined;
    const result = folded ?? operatorOf(domain, node.op)!(atLeaf);
    if (result.kind !== 'const') return undefined;
    results.push(result);
  }
  return emitted(builder, node, first, results);
}

function constantAt({ builder }: OperatorContext, { view, dataType }: ViewValue, leaf: number): ConstValue {
  const data = Float64Array.from(view.ids, (id) => builder.leaves.get(id)!.values[leaf]!);
  return { kind: 'const', tensor: { shape: view.shape, data }, dataType };
}

/** The label that one tree decides, as its own number at each leaf: that of the first of the largest scores. */
function labelAtLeaves(builder: GraphBuilder, value: Value | undefined): Value | undefined {
  if (value?.kind !== 'head' || value.head !== 'argmax' || builder.batch > 1) return value;
  const scores = Array.from(value.logits.ids, (id) => builder.leaves.get(id));
  const [first] = scores;
  if (first === undefined || scores.some((one) => one?.tree.branches !== first.tree.branches)) return value;
  const numbers = value.labels ?? [...scores.keys()];
  if (!numbers.every((label) => typeof label === 'number')) return value;
  const { shape, dataType, node } = value;
  const results = first.tree.leaves.map((_, leaf): ConstValue => {
    const own = scores.map((one) => one!.values[leaf]!);
    const data = Float64Array.of(numbers[own.indexOf(Math.max(...own))]!);
    return { kind: 'const', tensor: { shape, data }, dataType };
  });
  return emitted(builder, node, first, results);
}

/** The tree with other leaves: one target per element of the result. */
function emitted(
  builder: GraphBuilder,
  node: NodeInfo,
  { tree, source }: LeafFunction,
  results: readonly ConstValue[],
): ViewValue {
  const { tensor, dataType } = results[0]!;
  const leaves = results.map(({ tensor: own }) =>
    Array.from(own.data, (weight, target) => ({ target, weight })),
  );
  const count = tensor.data.length;
  const ids = builder.trees(node, count * (leaves.length + 1), {
    ...{ trees: [{ ...tree, leaves }], source, aggregate: 'sum' },
    base: new Float64Array(count),
  });
  ids.forEach((id, k) => {
    builder.leaves.set(id, { tree, source, values: results.map((one) => one.tensor.data[k]!) });
  });
  return { kind: 'view', view: { shape: tensor.shape, ids }, dataType };
}
