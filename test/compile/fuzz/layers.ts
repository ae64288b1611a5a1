import { sizeOf } from '../../../src/import/tensor.ts';
import { SAMPLES } from '../../graph/activation-samples.ts';
import { FUNCTION_LAYERS } from './function-layers.ts';
import type { ModelMaker, Tensor } from './model-maker.ts';
import { NORMALIZATION_LAYERS } from './normalization-layers.ts';
import { PRODUCT_LAYERS } from './product-layers.ts';
import { SHAPE_LAYERS } from './shape-layers.ts';

/** Adds some operators on a value; undefined if they do not fit its shape. */
export type Layer = (maker: ModelMaker, x: Tensor) => Tensor | undefined;

const limit = (x: Tensor, size: number) => (sizeOf(x.shape) <= size ? x : undefined);

// Affine layers.

function gemm(maker: ModelMaker, x: Tensor): Tensor {
  const { choices } = maker;
  const flat = x.shape.length === 2 ? x : maker.node('Flatten', [x.name], [1, sizeOf(x.shape)]);
  const [taps, rows] = [flat.shape[1]!, choices.pick([2, 3, 1, 5, 8])];
  const transB = choices.upTo(1);
  const alpha = choices.pick([undefined, 0.5, -2.25]);
  const w = maker.random(transB ? [rows, taps] : [taps, rows], 1.5 / Math.sqrt(taps));
  const bias =
    choices.once(5) && maker.opset >= 11 ? [] : [maker.random([rows], choices.pick([0.5, 5, 0.001]))];
  return maker.node('Gemm', [flat.name, w, ...bias], [1, rows], {
    ...(transB && { transB }),
    ...(alpha !== undefined && { alpha }),
    ...(choices.once(6) && bias.length > 0 && { beta: 1.5 }),
  });
}

function matMul(maker: ModelMaker, x: Tensor): Tensor {
  const { choices } = maker;
  const rank = x.shape.length;
  if (rank > 2 && choices.once(3)) {
    const [rows, taps] = [choices.pick([2, 3]), x.shape[rank - 2]!];
    const w = maker.random([rows, taps], 1.5 / Math.sqrt(taps));
    return maker.node('MatMul', [w, x.name], x.shape.with(rank - 2, rows));
  }
  const [taps, columns] = [x.shape[rank - 1]!, choices.pick([2, 3, 6])];
  const w = maker.random([taps, columns], 1.5 / Math.sqrt(taps));
  return maker.node('MatMul', [x.name, w], x.shape.with(rank - 1, columns));
}

const conv: Layer = (maker, x) => {
  const { choices } = maker;
  if (x.shape.length < 3) return undefined;
  const [channels, plane] = [x.shape[1]!, x.shape.slice(2)];
  const outputs = choices.pick([2, 1, 3, 4]);
  const groups = choices.once(4) && outputs % channels === 0 ? channels : 1;
  const window = windowOf(maker, plane);
  if (window === undefined) return undefined;
  const { kernel, shape, attributes } = window;
  const taps = (channels / groups) * sizeOf(kernel);
  const w = maker.random([outputs, channels / groups, ...kernel], 1.5 / Math.sqrt(taps));
  const bias = choices.once(4) ? [] : [maker.random([outputs], choices.pick([0.5, 4]))];
  const group = groups === 1 ? {} : { group: groups };
  return maker.node('Conv', [x.name, w, ...bias], [1, outputs, ...shape], { ...attributes, ...group });
};

const batchNormalization: Layer = (maker, x) => {
  const channels = x.shape[1]!;
  const positive = maker.values([channels], 1).map((value) => Math.abs(value) + 0.2);
  const inputs = [x.name, maker.random([channels]), maker.random([channels]), maker.random([channels])];
  const epsilon = maker.choices.pick([1e-5, 1e-3]);
  return maker.node('BatchNormalization', [...inputs, maker.floats(positive, [channels])], x.shape, {
    epsilon,
  });
};

/** A constant of a shape that broadcasts: a number, one per channel, one per column, or one per value. */
function operand(maker: ModelMaker, x: Tensor, values: (shape: readonly number[]) => number[]): string {
  const perChannel = [x.shape[1]!, ...x.shape.slice(2).map(() => 1)];
  const shape = maker.choices.pick([[], perChannel, x.shape.slice(-1), x.shape.slice(1)]);
  return maker.floats(values(shape), shape);
}

const sum: Layer = (maker, x) => {
  const { choices } = maker;
  const c = operand(maker, x, (shape) => maker.values(shape, choices.pick([1, 20])));
  return choices.pick([
    () => maker.node('Add', [x.name, c], x.shape),
    () => maker.node('Sub', [x.name, c], x.shape),
    () => maker.node('Sub', [c, x.name], x.shape),
    () => maker.node('Add', [c, x.name], x.shape),
  ])();
};

const product: Layer = (maker, x) => {
  const { choices } = maker;
  const c = operand(maker, x, (shape) =>
    maker.values(shape).map((value) => value + (value < 0 ? -0.3 : 0.3)),
  );
  return choices.pick([
    () => maker.node('Mul', [x.name, c], x.shape),
    () => maker.node('Div', [x.name, c], x.shape),
    () => maker.node('Mul', [c, x.name], x.shape),
  ])();
};

/** Adds or subtracts an earlier value of the same shape, as a residual connection does. */
const residual: Layer = (maker, x) => {
  const other = maker.choices.pick(maker.seen.filter(({ shape }) => String(shape) === String(x.shape)));
  return maker.node(maker.choices.pick(['Add', 'Sub']), [x.name, other.name], x.shape);
};

// Nonlinear layers.

const relu: Layer = (maker, x) => maker.node('Relu', [x.name], x.shape);

const leakyRelu: Layer = (maker, x) => {
  const alpha = maker.choices.pick([0.25, 0.01, 0, 0.5, 0.3]);
  return maker.node('LeakyRelu', [x.name], x.shape, { alpha: { float: alpha } });
};

/** Bounds of every kind, also close together, equal, or below 0. */
const clip: Layer = (maker, x) => {
  const { choices } = maker;
  const fixed = [
    [0, 6],
    [-1, 1],
    [0.1, 0.2],
    [0.5, 0.5],
    [-3, -1],
    [0, 0],
    [-Infinity, 1],
    [-0.5, Infinity],
  ] as const;
  const sampled = SAMPLES.clip(maker.dice());
  const pair = choices.pick([...fixed, [sampled.min, sampled.max] as const]);
  const [min, max] = pair.map((bound) => Math.fround(bound)) as [number, number];
  if (maker.opset < 11) {
    // ONNX Runtime fuses a Relu and such a Clip, and then refuses the bounds that it made.
    if (max <= 0 && maker.nodes.slice(-2).some(({ op }) => op === 'Relu')) return undefined;
    const attributes = {
      ...(min > -Infinity && { min: { float: min } }),
      ...(max < Infinity && { max: { float: max } }),
    };
    return maker.node('Clip', [x.name], x.shape, attributes);
  }
  const bounds = [min, max].map((bound) => (Number.isFinite(bound) ? maker.floats([bound], []) : ''));
  return maker.node('Clip', [x.name, ...bounds], x.shape);
};

// Pools and reductions.

interface Window {
  readonly kernel: readonly number[];
  readonly shape: readonly number[];
  readonly attributes: Record<string, number | string | readonly number[]>;
}

function windowOf(maker: ModelMaker, plane: readonly number[], ceilMode = 0): Window | undefined {
  const { choices } = maker;
  const kernel = plane.map((size) => Math.min(choices.pick([2, 1, 3]), size));
  const strides = plane.map(() => choices.pick([1, 2]));
  const dilations = plane.map(() => (choices.once(8) ? 2 : 1));
  const spread = kernel.map((size, axis) => (size - 1) * dilations[axis]! + 1);
  const isPlain = kernel.every((size, axis) => size >= strides[axis]! && dilations[axis] === 1);
  const same = choices.once(6) && ceilMode === 0 && isPlain;
  const pads = [...plane, ...plane].map((_, i) => {
    const axis = i % plane.length;
    return choices.once(3) && kernel[axis]! > 1 ? 1 : 0;
  });
  const shape = plane.map((size, axis) => {
    if (same) return Math.ceil(size / strides[axis]!);
    const room = size + pads[axis]! + pads[axis + plane.length]! - spread[axis]!;
    const steps = ceilMode ? Math.ceil(room / strides[axis]!) : Math.floor(room / strides[axis]!);
    // A window that would begin in the padding at the end: ONNX Runtime and its own shape inference disagree on it.
    if (ceilMode && steps * strides[axis]! >= size + pads[axis]!) return 0;
    return steps + 1;
  });
  if (shape.some((size) => size < 1)) return undefined;
  const padding = same ? { auto_pad: choices.pick(['SAME_UPPER', 'SAME_LOWER']) } : { pads };
  return { kernel, shape, attributes: { kernel_shape: kernel, strides, dilations, ...padding } };
}

/** ONNX Runtime fuses a Pad into the MaxPool after it, and then refuses the pads that it made. */
const isPadded = ({ nodes }: ModelMaker): boolean => nodes.slice(-3).some((node) => node.op === 'Pad');

const pool =
  (op: 'MaxPool' | 'AveragePool'): Layer =>
  (maker, x) => {
    if (x.shape.length < 3 || (op === 'MaxPool' && isPadded(maker))) return undefined;
    const ceilMode = maker.opset >= 10 && maker.choices.once(5) ? 1 : 0;
    const window = windowOf(maker, x.shape.slice(2), ceilMode);
    if (window === undefined) return undefined;
    const { dilations, ...attributes } = window.attributes;
    const counting = op === 'AveragePool' ? { count_include_pad: maker.choices.upTo(1) } : {};
    const dilated = (dilations as readonly number[]).some((size) => size > 1);
    const canDilate = op === 'MaxPool' ? maker.opset >= 10 : maker.opset >= 19;
    if (dilated && !canDilate) return undefined;
    return maker.node(op, [x.name], [...x.shape.slice(0, 2), ...window.shape], {
      ...attributes,
      ...(dilated && { dilations: dilations! }),
      ...(ceilMode && { ceil_mode: ceilMode }),
      ...counting,
    });
  };

const globalPool =
  (op: string): Layer =>
  (maker, x) =>
    x.shape.length < 3
      ? undefined
      : maker.node(
          op,
          [x.name],
          x.shape.map((size, axis) => (axis < 2 ? size : 1)),
        );

const reduce =
  (op: 'ReduceMean' | 'ReduceSum', inputSince: number): Layer =>
  (maker, x) => {
    const { choices } = maker;
    const rank = x.shape.length;
    const axes = choices.pick([[rank - 1], [1], ...(rank > 3 ? [[2, 3]] : [])]);
    const keepdims = choices.upTo(1);
    if (rank === 2 && !keepdims) return undefined;
    const shape = x.shape.flatMap((size, axis) => (axes.includes(axis) ? (keepdims ? [1] : []) : [size]));
    return maker.opset < inputSince
      ? maker.node(op, [x.name], shape, { axes, keepdims })
      : maker.node(op, [x.name, maker.integers(axes)], shape, { keepdims });
  };

// Layers that only move values.

const flatten: Layer = (maker, x) => maker.node('Flatten', [x.name], [1, sizeOf(x.shape)]);

const reshape: Layer = (maker, x) => {
  const size = sizeOf(x.shape);
  const factor = [2, 3, 5].find((prime) => size % prime === 0 && size > prime) ?? 1;
  const shape = maker.choices.pick([
    [1, size],
    [1, factor, size / factor],
    [1, factor, size / factor, 1],
  ]);
  const shown = maker.choices.pick([shape, shape.with(-1, -1)]);
  return maker.node('Reshape', [x.name, maker.integers(shown)], shape);
};

const transpose: Layer = (maker, x) => {
  const rank = x.shape.length;
  if (rank < 3) return undefined;
  const perm = maker.choices.pick([
    [0, ...Array.from({ length: rank - 1 }, (_, i) => rank - 1 - i)],
    [0, 2, 1, 3].slice(0, rank),
  ]);
  return maker.node(
    'Transpose',
    [x.name],
    perm.map((axis) => x.shape[axis]!),
    { perm },
  );
};

const axesNode = (
  maker: ModelMaker,
  op: string,
  x: Tensor,
  axes: number[],
  shape: readonly number[],
): Tensor =>
  maker.opset < 13
    ? maker.node(op, [x.name], shape, { axes })
    : maker.node(op, [x.name, maker.integers(axes)], shape);

const unsqueezed: Layer = (maker, x) => {
  if (x.shape.length > 3) return undefined;
  const up = axesNode(maker, 'Unsqueeze', x, [1], [1, 1, ...x.shape.slice(1)]);
  if (maker.choices.once(2)) return up;
  return axesNode(maker, 'Squeeze', relu(maker, up)!, [1], x.shape);
};

const squeeze: Layer = (maker, x) => {
  const axis = x.shape.indexOf(1, 1);
  return axis < 0 || x.shape.length < 3
    ? undefined
    : axesNode(maker, 'Squeeze', x, [axis], x.shape.toSpliced(axis, 1));
};

/** Joins with an earlier value, a copy on another scale, or a constant. */
const concat: Layer = (maker, x) => {
  const { choices } = maker;
  const axis = choices.pick([1, x.shape.length - 1]);
  const fits = ({ shape }: Tensor) =>
    shape.length === x.shape.length && shape.every((size, a) => a === axis || size === x.shape[a]);
  const other = choices.pick([
    () => choices.pick(maker.seen.filter(fits)),
    () => relu(maker, x)!,
    () => maker.node('Mul', [x.name, maker.floats([choices.pick([0.001, 100])], [])], x.shape),
    () => {
      const shape = x.shape.with(axis, choices.pick([1, 2]));
      return { name: maker.random(shape, choices.pick([0.4, 30])), shape };
    },
  ])();
  const order = choices.pick([
    [x, other],
    [other, x],
  ]);
  const length = x.shape[axis]! + other.shape[axis]!;
  return maker.node(
    'Concat',
    order.map(({ name }) => name),
    x.shape.with(axis, length),
    { axis },
  );
};

const slice: Layer = (maker, x) => {
  const axis = x.shape.findIndex((size, a) => a > 0 && size > 2);
  if (axis < 0) return undefined;
  const size = x.shape[axis]!;
  const step = maker.opset < 10 ? 1 : maker.choices.pick([1, 2]);
  const [start, end] = [maker.choices.upTo(1), size - maker.choices.upTo(1)];
  const shape = x.shape.with(axis, Math.ceil((end - start) / step));
  if (maker.opset < 10) {
    return maker.node('Slice', [x.name], shape, { starts: [start], ends: [end], axes: [axis] });
  }
  const lists = [[start], [end], [axis], [step]].map((list) => maker.integers(list));
  return maker.node('Slice', [x.name, ...lists], shape);
};

const gather: Layer = (maker, x) => {
  const axis = maker.choices.pick([1, x.shape.length - 1]);
  const size = x.shape[axis]!;
  const picks = [size - 1, 0, ...(maker.choices.once(2) && size > 2 ? [1, 1] : [])];
  return maker.node('Gather', [x.name, maker.integers(picks)], x.shape.with(axis, picks.length), { axis });
};

/** Padding with zeros, or with another value: a normalised black, for example. */
const pad: Layer = (maker, x) => {
  const { choices } = maker;
  const rank = x.shape.length;
  const before = x.shape.map((_, axis) => (axis === rank - 1 ? choices.upTo(1) : 0));
  const after = x.shape.map((_, axis) => (axis === rank - 1 ? 1 : 0));
  const value = choices.pick([0, -0.4242, 3.1]);
  const shape = x.shape.map((size, axis) => size + before[axis]! + after[axis]!);
  const pads = [...before, ...after];
  if (maker.opset < 11)
    return maker.node('Pad', [x.name], shape, { pads, mode: 'constant', ...(value && { value }) });
  return maker.node('Pad', [x.name, maker.integers(pads), maker.floats([value], [])], shape);
};

const idle: Layer = (maker, x) =>
  maker.choices.pick([
    () => maker.node('Identity', [x.name], x.shape),
    () => maker.node('Dropout', [x.name], x.shape, maker.opset < 12 ? { ratio: 0.5 } : undefined),
    () => maker.node('Cast', [x.name], x.shape, { to: 1 }),
    () => maker.node('Cast', [maker.node('Cast', [x.name], x.shape, { to: 11 }).name], x.shape, { to: 1 }),
  ])();

// Arithmetic on constants, as exporters write it.

/** Reshapes to a shape that is computed: the batch, and the product of all other sizes. */
const computedShape: Layer = (maker, x) => {
  const shape = maker.node('Shape', [x.name], [x.shape.length]);
  const batch = maker.node('Gather', [shape.name, maker.integers([0])], [1], { axis: 0 });
  const rest = maker.choices.pick([
    () => {
      const sizes = maker.node(
        'Gather',
        [shape.name, maker.integers(x.shape.slice(1).map((_, i) => i + 1))],
        [],
        { axis: 0 },
      );
      return maker.node('ReduceProd', [sizes.name], [1], { keepdims: 1 }).name;
    },
    () => {
      const size = maker.node('Size', [x.name], []);
      return maker.node('Reshape', [size.name, maker.integers([1])], [1]).name;
    },
  ])();
  const wanted = maker.node('Concat', [batch.name, rest], [2], { axis: 0 });
  return maker.node('Reshape', [x.name, wanted.name], [1, sizeOf(x.shape)]);
};

/** Adds a constant that nodes compute: a negative root, whole numbers, or a filled tensor. */
const computedConstant: Layer = (maker, x) => {
  const { choices } = maker;
  const c = choices.pick([
    () => maker.node('Constant', [], [], { value_float: 0.75 }).name,
    () => maker.node('Neg', [maker.node('Sqrt', [maker.floats([2.5], [1])], [1]).name], [1]).name,
    () => maker.node('Floor', [maker.floats([2.5], [1])], [1]).name,
    () => maker.node('Ceil', [maker.floats([-1.5], [1])], [1]).name,
    () => {
      const zeros = maker.node('ConstantOfShape', [maker.integers([x.shape.at(-1)!])], []).name;
      return maker.node('Add', [zeros, maker.floats([0.4], [1])], []).name;
    },
  ]);
  // Before operator set 12, Constant holds tensors only.
  const name = maker.opset < 12 ? maker.node('Neg', [maker.floats([0.75], [1])], [1]).name : c();
  return maker.node(choices.pick(['Add', 'Mul']), [x.name, name], x.shape);
};

/** All layers; the first are the simplest, and what occurs in most models is listed more than once. */
export const LAYERS: readonly Layer[] = [
  relu,
  gemm,
  (maker, x) => relu(maker, gemm(maker, x)),
  conv,
  (maker, x) => {
    const out = conv(maker, x);
    return out && relu(maker, out);
  },
  sum,
  product,
  leakyRelu,
  clip,
  residual,
  concat,
  concat,
  (maker, x) => limit(x, 400) && matMul(maker, x),
  batchNormalization,
  pool('MaxPool'),
  pool('AveragePool'),
  globalPool('GlobalAveragePool'),
  globalPool('GlobalMaxPool'),
  reduce('ReduceMean', 18),
  reduce('ReduceSum', 13),
  flatten,
  reshape,
  transpose,
  unsqueezed,
  squeeze,
  slice,
  gather,
  pad,
  pad,
  idle,
  computedShape,
  computedConstant,
  ...FUNCTION_LAYERS,
  ...SHAPE_LAYERS,
  ...PRODUCT_LAYERS,
  ...NORMALIZATION_LAYERS,
];

/** The end of a model: scores, and a final function of them. */
export function head(maker: ModelMaker, x: Tensor): { output: string; type: number } {
  const { choices } = maker;
  const isFlat = x.shape.length === 2 && x.shape[1]! <= 8;
  const scores = isFlat && maker.nodes.length > 0 && choices.once(2) ? x : gemm(maker, x);
  const count = scores.shape[1]!;
  const end = (op: string, from = scores, attributes?: Record<string, number>) =>
    maker.node(op, [from.name], op.startsWith('Arg') ? [1, 1] : from.shape, attributes);
  const final = choices.pick([
    () => (choices.once(3) ? end('Identity') : scores),
    () => (count === 1 ? end('Sigmoid') : end('Softmax', scores, { axis: 1 })),
    () => (count === 1 ? scores : end('LogSoftmax', scores, { axis: 1 })),
    () => (count === 1 ? end('Sigmoid') : end('ArgMax', scores, { axis: 1 })),
    () => (count === 1 ? end('Sigmoid') : end('ArgMin', scores, { axis: 1 })),
    () => (count === 1 ? scores : end('ArgMax', end('Softmax', scores, { axis: 1 }), { axis: 1 })),
    () => end('Sigmoid'),
  ])();
  return { output: final.name, type: final.name.startsWith('argm') ? 7 : 1 };
}
