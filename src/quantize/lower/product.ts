import type { ProductNode } from '../../graph/float-graph.ts';
import type { Multiply } from '../../integer/integer-graph.ts';
import type { Aligned, LoweringContext } from './context.ts';
import type { NodeLowering } from './node-lowering.ts';

/** An exact product of factors that are rounded to the bits of activations. */
export const product: NodeLowering<ProductNode> = {
  searched: 'activations',

  /** The step of a product is the product of the steps: products of one step have factors of one step each. */
  tie({ first, left, right }, sets) {
    left.forEach((id, i) => {
      sets.tie([first + i, id, right[i]!]);
    });
  },

  tieAgain: () => false,

  noteUse({ left, right }, note) {
    for (const id of left) note(id, 1, Infinity);
    for (const id of right) note(id, 1, Infinity);
  },

  /** Factors have the bits of an activation: finer ones are rounded again. */
  costOfFiner: () => Infinity,

  lower(node, context) {
    const places = Array.from(node.left.keys());
    const isVariable = (id: number) => id >= 0 && !context.values.isConstant(id);
    const isProduct = (i: number) => isVariable(node.left[i]!) && isVariable(node.right[i]!);
    const products = places.filter(isProduct);
    if (products.length > 0) multiply(node, products, context);
    const scaled = places.filter((i) => !isProduct(i));
    if (scaled.length > 0) scale(node, scaled, context);
  },
};

function multiply(node: ProductNode, places: readonly number[], context: LoweringContext): void {
  const { name, origin } = node;
  const { weights, activations } = context.widthsOf(name);
  const [left, right] = [node.left, node.right].map((ids) => Int32Array.from(places, (i) => ids[i]!));
  const bitsOf = (own: Int32Array, other: Int32Array) =>
    activations + (isShared(own, other) ? SHARED_BITS : 0);
  const one = context.round(left!, `${name}/left`, bitsOf(left!, right!), weights);
  const other =
    sameValues(left!, right!, one) ?? context.round(right!, `${name}/right`, bitsOf(right!, left!), weights);
  const scales = one.scales.map((own, k) => own * other.scales[k]!);
  const { first } = context.push<Multiply>(
    { op: 'multiply', name, origin, count: places.length, left: one.ids, right: other.ids },
    scales,
  );
  places.forEach((i, k) => {
    context.map(node.first + i, first + k, scales[k]!);
  });
}

/** Bits that a factor of many values has beyond those of activations: its rounding error counts for every one. */
const SHARED_BITS = 4;

/** Whether each value is a factor of several others, which are factors once. */
function isShared(own: Int32Array, others: Int32Array): boolean {
  return 2 * new Set(own).size <= own.length && new Set(others).size === others.length;
}

/** Factors that are the same values, in whatever order, are rounded once: squares, and products of all pairs of features. */
function sameValues(left: Int32Array, right: Int32Array, one: Aligned): Aligned | undefined {
  const place = new Map(Array.from(left, (id, k) => [id, k]));
  if (!right.every((id) => place.has(id)) || new Set(right).size !== place.size) return undefined;
  const places = Array.from(right, (id) => place.get(id)!);
  return {
    ids: Int32Array.from(places, (k) => one.ids[k]!),
    scales: Float64Array.from(places, (k) => one.scales[k]!),
  };
}

/** A product with a constant factor is a multiple of the other one. */
function scale(node: ProductNode, places: readonly number[], context: LoweringContext): void {
  const { values } = context;
  const isVariable = (id: number) => id >= 0 && !values.isConstant(id);
  const open: number[] = [];
  for (const i of places) {
    const [left, right] = [node.left[i]!, node.right[i]!];
    if (isVariable(left) || isVariable(right)) open.push(i);
    else values.setConstant(node.first + i, values.offset(left) * values.offset(right));
  }
  if (open.length === 0) return;
  const variables = open.map((i) => (isVariable(node.left[i]!) ? node.left[i]! : node.right[i]!));
  const factors = open.map((i) => values.offset(isVariable(node.left[i]!) ? node.right[i]! : node.left[i]!));
  const diagonal = { weights: Float64Array.from(factors), source: Int32Array.from(variables) };
  const part = { name: `${node.name}/scaled`, origin: node.origin, count: open.length, blocks: [] };
  const { weights } = context.widthsOf(node.name);
  const outputs = Int32Array.from(open, (i) => node.first + i);
  const { ids, scales } = context.linear(
    { ...part, diagonals: [diagonal], bias: new Float64Array(open.length) },
    outputs,
    weights,
  );
  open.forEach((i, k) => {
    if (factors[k] === 0) values.setConstant(node.first + i, 0);
    else context.map(node.first + i, ids[k]!, scales[k]!);
  });
}
