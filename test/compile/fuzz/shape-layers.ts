import { sizeOf } from '../../../src/import/tensor.ts';
import type { Layer } from './layers.ts';
import type { ModelMaker, Tensor } from './model-maker.ts';

/** An operand that may double in size. */
const isSmall = (x: Tensor) => sizeOf(x.shape) <= 150;

/** Cuts along an axis and keeps one part, or puts the parts together the other way round. */
const split: Layer = (maker, x) => {
  const { choices } = maker;
  const axis = x.shape.findIndex((size, a) => a > 0 && size > 1);
  if (axis < 0) return undefined;
  const size = x.shape[axis]!;
  const parts = choices.pick([
    [1, size - 1],
    [Math.ceil(size / 2), size - Math.ceil(size / 2)],
  ]);
  const shapes = parts.map((part) => x.shape.with(axis, part));
  const isEven = parts[0] === Math.ceil(size / 2) && (parts[0] === parts[1] || maker.opset >= 18);
  const [first, second] = isEven
    ? maker.outputs('Split', [x.name], shapes, { axis, ...(maker.opset >= 18 && { num_outputs: 2 }) })
    : maker.opset < 13
      ? maker.outputs('Split', [x.name], shapes, { axis, split: parts })
      : maker.outputs('Split', [x.name, maker.integers(parts)], shapes, { axis });
  if (choices.once(2)) return choices.pick([first!, second!]);
  return maker.node('Concat', [second!.name, first!.name], x.shape, { axis });
};

const expand: Layer = (maker, x) => {
  const axis = x.shape.indexOf(1, 1);
  if (!isSmall(x) || axis < 0) return undefined;
  const shape = x.shape.with(axis, 2);
  return maker.node(
    'Expand',
    [x.name, maker.integers(maker.choices.pick([shape, shape.slice(axis)]))],
    shape,
  );
};

const tile: Layer = (maker, x) => {
  if (!isSmall(x)) return undefined;
  const axis = maker.choices.pick([1, x.shape.length - 1]);
  const repeats = x.shape.map((_, a) => (a === axis ? 2 : 1));
  return maker.node('Tile', [x.name, maker.integers(repeats)], x.shape.with(axis, 2 * x.shape[axis]!));
};

/** Upsample, or Resize by scales or sizes, to the nearest value or between values. */
const resize: Layer = (maker, x) => {
  const { choices, opset } = maker;
  if (x.shape.length !== 4 || !isSmall(x)) return undefined;
  const mode = choices.pick(['nearest', 'linear', ...(opset >= 11 ? ['cubic'] : [])]);
  const scales = [1, 1, choices.pick([2, 1, 1.5]), choices.pick([2, 1, 3])];
  const shape = x.shape.map((size, axis) => Math.floor(size * scales[axis]!));
  if (opset < 10) {
    const scaled = scales.map(Math.floor);
    const whole = x.shape.map((size, axis) => size * scaled[axis]!);
    return maker.node('Upsample', [x.name, maker.floats(scaled, [4])], whole, { mode });
  }
  if (opset === 10) return maker.node('Resize', [x.name, maker.floats(scales, [4])], shape, { mode });
  const coordinate_transformation_mode = choices.pick([
    'half_pixel',
    'align_corners',
    'asymmetric',
    'pytorch_half_pixel',
  ]);
  const nearest_mode = choices.pick(['round_prefer_floor', 'floor', 'ceil', 'round_prefer_ceil']);
  const attributes = { mode, coordinate_transformation_mode, ...(mode === 'nearest' && { nearest_mode }) };
  // The region of interest may be left out from version 13 on.
  const region = opset < 13 ? maker.floats([], [0]) : '';
  if (choices.once(2))
    return maker.node('Resize', [x.name, region, maker.floats(scales, [4])], shape, attributes);
  const unscaled = opset < 13 ? maker.floats([], [0]) : '';
  return maker.node('Resize', [x.name, region, unscaled, maker.integers(shape)], shape, attributes);
};

const convTranspose: Layer = (maker, x) => {
  const { choices } = maker;
  if (x.shape.length < 3 || !isSmall(x)) return undefined;
  const [channels, plane] = [x.shape[1]!, x.shape.slice(2)];
  const groups = choices.once(4) ? channels : 1;
  const kernel = plane.map(() => choices.pick([2, 1, 3]));
  const strides = plane.map(() => choices.pick([1, 2]));
  const pad = kernel.every((size) => size > 1) ? choices.upTo(1) : 0;
  const output_padding = strides.map((stride) => (stride > 1 ? choices.upTo(1) : 0));
  const shape = plane.map(
    (size, axis) => strides[axis]! * (size - 1) + output_padding[axis]! + kernel[axis]! - 2 * pad,
  );
  if (shape.some((size) => size < 1)) return undefined;
  const outputs = groups * choices.pick([1, 2]);
  const w = maker.random([channels, outputs / groups, ...kernel], 1 / Math.sqrt(channels * sizeOf(kernel)));
  const bias = choices.once(3) ? [maker.random([outputs])] : [];
  return maker.node('ConvTranspose', [x.name, w, ...bias], [1, outputs, ...shape], {
    strides,
    pads: [...plane, ...plane].map(() => pad),
    ...(output_padding.some((size) => size > 0) && { output_padding }),
    ...(groups > 1 && { group: groups }),
  });
};

/** A border of the operand's own values. */
const borders: Layer = (maker, x) => {
  const { choices, opset } = maker;
  const rank = x.shape.length;
  const size = x.shape[rank - 1]!;
  if (size < 2 || !isSmall(x) || rank < 3) return undefined;
  const mode = choices.pick(['reflect', 'edge', ...(opset >= 19 ? ['wrap'] : [])]);
  const [before, after] = [choices.upTo(1), 1];
  const pads = [
    ...x.shape.map((_, a) => (a === rank - 1 ? before : 0)),
    ...x.shape.map((_, a) => (a === rank - 1 ? after : 0)),
  ];
  const shape = x.shape.with(rank - 1, size + before + after);
  if (opset < 11) return maker.node('Pad', [x.name], shape, { pads, mode });
  return maker.node('Pad', [x.name, maker.integers(pads)], shape, { mode });
};

const blocks: Layer = (maker, x) => {
  if (x.shape.length !== 4) return undefined;
  const [, c, h, w] = x.shape as [number, number, number, number];
  if (c % 4 === 0) {
    const mode = maker.opset >= 11 ? { mode: maker.choices.pick(['DCR', 'CRD']) } : {};
    return maker.node('DepthToSpace', [x.name], [1, c / 4, 2 * h, 2 * w], { blocksize: 2, ...mode });
  }
  if (h % 2 !== 0 || w % 2 !== 0) return undefined;
  const deep = maker.node('SpaceToDepth', [x.name], [1, 4 * c, h / 2, w / 2], { blocksize: 2 });
  if (maker.choices.once(2)) return deep;
  return maker.node('DepthToSpace', [maker.node('Relu', [deep.name], deep.shape).name], x.shape, {
    blocksize: 2,
  });
};

/** Picks elements at constant places, one by one. */
const gathered: Layer = (maker, x) => {
  const { choices, opset } = maker;
  const last = x.shape.length - 1;
  const size = x.shape[last]!;
  if (opset < 11) return undefined;
  if (choices.once(2)) {
    const count = sizeOf(x.shape);
    const picks = Array.from({ length: count }, (_, i) => (i * 7 + 3) % size);
    return maker.node('GatherElements', [x.name, maker.integers(picks, x.shape)], x.shape, { axis: last });
  }
  const rows = x.shape[1]!;
  const picks = [0, rows - 1, 0, 0].flatMap((row) => [0, row]);
  return maker.node('GatherND', [x.name, maker.integers(picks, [1, 4, 2])], [1, 4, ...x.shape.slice(2)]);
};

/** Writes constants, or doubled values, over some elements. */
const scattered: Layer = (maker, x) => {
  const { choices, opset } = maker;
  if (opset < 9) return undefined;
  const column = x.shape.map((dim, axis) => (axis === 1 ? 1 : dim));
  const places = maker.integers(new Array<number>(sizeOf(column)).fill(x.shape[1]! - 1), column);
  const updates = choices.once(2) ? maker.random(column) : axisSlice(maker, x, column);
  if (opset < 11) return maker.node('Scatter', [x.name, places, updates], x.shape, { axis: 1 });
  if (choices.once(2)) {
    const reduction = opset >= 16 && choices.once(2) ? { reduction: 'add' } : {};
    return maker.node('ScatterElements', [x.name, places, updates], x.shape, { axis: 1, ...reduction });
  }
  const row = maker.integers([0, x.shape[1]! - 1], [1, 2]);
  return maker.node('ScatterND', [x.name, row, maker.random([1, ...x.shape.slice(2)])], x.shape);
};

function axisSlice(maker: ModelMaker, x: Tensor, shape: readonly number[]): string {
  return maker.node('Gather', [x.name, maker.integers([0])], shape, { axis: 1 }).name;
}

const triangle: Layer = (maker, x) => {
  if (maker.opset < 14 || x.shape.length < 3) return undefined;
  const upper = maker.choices.upTo(1);
  return maker.node('Trilu', [x.name, maker.integers([maker.choices.pick([0, 1, -1])], [])], x.shape, {
    upper,
  });
};

const cumulative: Layer = (maker, x) => {
  const { choices } = maker;
  if (maker.opset < 11 || !isSmall(x)) return undefined;
  const axis = maker.integers([x.shape.length - 1], []);
  return maker.node('CumSum', [x.name, axis], x.shape, {
    exclusive: choices.upTo(1),
    reverse: choices.upTo(1),
  });
};

const einsum: Layer = (maker, x) => {
  if (maker.opset < 12 || !isSmall(x) || x.shape.length > 3) return undefined;
  const [size, columns] = [x.shape.at(-1)!, maker.choices.pick([2, 3])];
  const w = maker.random([columns, size], 1 / Math.sqrt(size));
  return x.shape.length === 2
    ? maker.node('Einsum', [x.name, w], [1, columns], { equation: 'bi,oi->bo' })
    : maker.node('Einsum', [w, x.name], [1, columns, x.shape[1]!], { equation: 'oi,bci->boc' });
};

const cropped: Layer = (maker, x) => {
  const { choices, opset } = maker;
  const axis = x.shape.length - 1;
  const size = x.shape[axis]!;
  if (opset >= 18 && choices.once(2)) {
    const wanted = choices.pick([size + 1, Math.max(1, size - 1)]);
    return maker.node('CenterCropPad', [x.name, maker.integers([wanted])], x.shape.with(axis, wanted), {
      axes: [axis],
    });
  }
  if (opset >= 10 && choices.once(2) && x.shape.length >= 3) {
    const lengths = maker.integers([Math.ceil(x.shape[1]! / 2)]);
    return maker.node('ReverseSequence', [x.name, lengths], x.shape, { batch_axis: 0, time_axis: 1 });
  }
  if (opset < 9) return undefined;
  const kept = Array.from({ length: size }, (_, i) => Number(i % 2 === 0));
  const place = maker.node('Cast', [maker.integers(kept)], [size], { to: 9 });
  return maker.node('Compress', [x.name, place.name], x.shape.with(axis, Math.ceil(size / 2)), { axis });
};

/** Columns of overlapping windows of two, added up. */
const columns: Layer = (maker, x) => {
  const [, channels = 0, length = 0] = x.shape;
  if (maker.opset < 18 || x.shape.length !== 3 || channels % 2 !== 0) return undefined;
  // ONNX Runtime takes images of two dimensions and more.
  const [image, block] = [maker.integers([1, length + 1]), maker.integers([1, 2])];
  return maker.node('Col2Im', [x.name, image, block], [1, channels / 2, 1, length + 1]);
};

const castLike: Layer = (maker, x) =>
  maker.opset < 15 ? undefined : maker.node('CastLike', [x.name, maker.floats([1], [1])], x.shape);

/** A branch that is never taken beside one that is. */
const branch: Layer = (maker, x) => {
  const isTaken = maker.choices.upTo(1);
  const size = maker.node('Size', [x.name], []);
  const condition = maker.node('Greater', [size.name, maker.integers([isTaken ? 0 : 2 ** 20], [])], []);
  const prefix = `branch_${maker.nodes.length}`;
  const body = (op: string) => ({
    graph: { nodes: [{ op, inputs: [x.name], output: `${prefix}_${op}` }], outputs: [`${prefix}_${op}`] },
  });
  return maker.node('If', [condition.name], x.shape, {
    then_branch: body('Relu'),
    else_branch: body('Identity'),
  });
};

/** A mask that nodes compute, multiplied with a value: every second column. */
const computedMask: Layer = (maker, x) => {
  if (maker.opset < 13) return undefined;
  const size = x.shape.at(-1)!;
  const [from, to, step] = [0, size, 1].map((value) => maker.integers([value], []));
  const places = maker.node('Range', [from!, to!, step!], [size]);
  const rest = maker.node('Mod', [places.name, maker.integers([2], [])], [size]);
  const isEven = maker.node('Equal', [rest.name, maker.integers([0], [])], [size]);
  const [on, off] = [maker.floats([1], []), maker.floats([0.5], [])];
  const mask = maker.node('Where', [isEven.name, on, off], [size]);
  return maker.node('Mul', [x.name, mask.name], x.shape);
};

/** Layers that move, repeat and mix values, at constant places. */
export const SHAPE_LAYERS: readonly Layer[] = [
  split,
  expand,
  tile,
  resize,
  convTranspose,
  borders,
  blocks,
  gathered,
  scattered,
  triangle,
  cumulative,
  einsum,
  cropped,
  columns,
  castLike,
  branch,
  computedMask,
];
