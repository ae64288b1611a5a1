import { sizeOf } from '../../../src/import/tensor.ts';
import type { Layer } from './layers.ts';
import type { ModelMaker, Tensor } from './model-maker.ts';

// Layers of several activations: products, comparisons, logic, choices, quotients.

const BOOL = 9;

/** An earlier value of the same shape, which may be the value itself. */
function other(maker: ModelMaker, x: Tensor): Tensor {
  return maker.choices.pick([x, ...maker.seen.filter(({ shape }) => String(shape) === String(x.shape))]);
}

/** A number, one per column, or another value. */
function compared(maker: ModelMaker, x: Tensor): string {
  return maker.choices.pick([
    () => maker.floats(maker.values([1]), []),
    () => maker.floats(maker.values(x.shape.slice(-1)), x.shape.slice(-1)),
    () => other(maker, x).name,
  ])();
}

/** A product has as many bits as both factors: with more of them in a row, proved ranges pass 2^52 and are refused. */
const MOST_PRODUCTS = 2;

const bounded =
  (layer: Layer): Layer =>
  (maker, x) => {
    const products = maker.nodes.filter(({ op }) => PRODUCTS.has(op)).length;
    return products < MOST_PRODUCTS ? layer(maker, x) : undefined;
  };

const PRODUCTS = new Set(['Mul', 'Div', 'MatMul', 'ReduceProd', 'ReduceSumSquare', 'ReduceL2', 'Einsum']);

const multiplied: Layer = (maker, x) => maker.node('Mul', [x.name, other(maker, x).name], x.shape);

/** A divisor of at least 1/2. */
const divided: Layer = (maker, x) => {
  const divisor = maker.node('Relu', [other(maker, x).name], x.shape);
  const positive = maker.node('Add', [divisor.name, maker.floats([0.5], [])], x.shape);
  return maker.node('Div', [x.name, positive.name], x.shape);
};

const multipliedMatrices: Layer = (maker, x) => {
  const rank = x.shape.length;
  if (rank < 3 || sizeOf(x.shape) > 48) return undefined;
  const perm = x.shape
    .map((_, axis) => axis)
    .with(-1, rank - 2)
    .with(-2, rank - 1);
  const turned = perm.map((axis) => x.shape[axis]!);
  const y = maker.node('Transpose', [other(maker, x).name], turned, { perm });
  return maker.node('MatMul', [x.name, y.name], x.shape.with(-1, x.shape.at(-2)!));
};

const COMPARISONS = ['Less', 'Greater', 'LessOrEqual', 'GreaterOrEqual', 'Equal'];

/**
 * A choice between a value and what it is compared with, or the value above it: continuous, whatever the conditions are,
 * so that rounding cannot make much of a comparison.
 */
const chosen: Layer = (maker, x) => {
  const { choices } = maker;
  const known = maker.opset < 12 ? COMPARISONS.slice(0, 2) : COMPARISONS;
  const c = compared(maker, x);
  const condition = () => maker.node(choices.pick(known), [x.name, c], x.shape).name;
  const mask = choices.pick([
    () => condition(),
    () => maker.node('Not', [condition()], x.shape).name,
    () => maker.node(choices.pick(['And', 'Or', 'Xor']), [condition(), condition()], x.shape).name,
  ])();
  return choices.pick([
    () => maker.node('Where', [mask, x.name, c], x.shape),
    () => {
      const above = maker.node('Sub', [x.name, c], x.shape);
      return maker.node('Mul', [maker.node('Cast', [mask], x.shape, { to: 1 }).name, above.name], x.shape);
    },
  ])();
};

/** A rectified value that is 0 or not, as a truth value. */
const truth: Layer = (maker, x) => {
  const rectified = maker.node('Relu', [x.name], x.shape);
  const mask = maker.node('Cast', [rectified.name], x.shape, { to: BOOL });
  return maker.node('Where', [mask.name, x.name, maker.floats([0], [])], x.shape);
};

const extreme: Layer = (maker, x) => {
  const { choices } = maker;
  const operands = [x.name, compared(maker, x), ...(choices.once(3) ? [compared(maker, x)] : [])];
  return maker.node(choices.pick(['Max', 'Min', 'Sum', 'Mean']), operands, x.shape);
};

const REDUCTIONS = ['ReduceMax', 'ReduceMin', 'ReduceL1', 'ReduceSumSquare', 'ReduceL2', 'ReduceLogSumExp'];

/** A product of few: one of many is far from its usual size in most rows. */
const reduced: Layer = (maker, x) => {
  const op = maker.choices.pick(REDUCTIONS);
  const isProduct = op === 'ReduceSumSquare' && x.shape.at(-1)! <= 3;
  return reducedBy(maker, x, isProduct ? 'ReduceProd' : op);
};

/** Of values above 1/2. */
const reducedLog: Layer = (maker, x) => {
  const rectified = maker.node('Relu', [x.name], x.shape);
  const positive = maker.node('Add', [rectified.name, maker.floats([0.5], [])], x.shape);
  return reducedBy(maker, positive, 'ReduceLogSum');
};

/** Over the last axis; the values are an intermediate result whatever follows. */
const softmax: Layer = (maker, x) => {
  if (x.shape.at(-1)! < 2 || x.shape.at(-1)! > 8) return undefined;
  const { choices } = maker;
  const axis = x.shape.length - 1;
  const out = maker.node(choices.pick(['Softmax', 'LogSoftmax']), [x.name], x.shape, { axis });
  return maker.node('Mul', [out.name, maker.floats([choices.pick([1, 3])], [])], x.shape);
};

function reducedBy(maker: ModelMaker, x: Tensor, op: string): Tensor {
  const { choices } = maker;
  const axis = x.shape.length - 1;
  const keepdims = x.shape.length === 2 ? 1 : choices.upTo(1);
  const shape = keepdims ? x.shape.with(axis, 1) : x.shape.slice(0, -1);
  if (maker.opset < 18) return maker.node(op, [x.name], shape, { axes: [axis], keepdims });
  return maker.node(op, [x.name, maker.integers([axis])], shape, { keepdims });
}

/** A one-hot vector jumps where two values are equal: here it only weighs what would then be chosen. */
const hardmax: Layer = (maker, x) => {
  const [rank, last] = [x.shape.length, x.shape.at(-1)!];
  if (rank !== 2 || last > 8) return undefined;
  const first = maker.node('Hardmax', [x.name], x.shape, { axis: 1 });
  return maker.node('Mul', [first.name, x.name], x.shape);
};

const topK: Layer = (maker, x) => {
  const last = x.shape.at(-1)!;
  if (sizeOf(x.shape) > 24 || maker.opset < 11) return undefined;
  const k = Math.min(last, maker.choices.pick([1, 2]));
  const largest = maker.choices.upTo(1);
  const attributes = { axis: -1, largest };
  const shape = x.shape.with(-1, k);
  return maker.outputs('TopK', [x.name, maker.integers([k])], [shape, shape], attributes)[0];
};

export const PRODUCT_LAYERS: readonly Layer[] = [
  bounded(multiplied),
  bounded(multiplied),
  bounded(divided),
  bounded(multipliedMatrices),
  chosen,
  chosen,
  truth,
  extreme,
  extreme,
  bounded(reduced),
  reducedLog,
  softmax,
  softmax,
  hardmax,
  topK,
];
