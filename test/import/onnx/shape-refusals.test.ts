import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { buildOnnx, type NodeSpec, type WeightSpec, writeModel } from './build-onnx.ts';

const ints = (...data: number[]): WeightSpec => ({ shape: [data.length], data, int: true });
const scalar = (value: number): WeightSpec => ({ shape: [], data: [value], int: true });
const HUGE = 2 ** 30;

/** A node on `x` [1, 2, 4, 4] and constants `a`, `b`, and what the refusal says. */
interface Case {
  readonly op: string;
  readonly inputs?: readonly string[];
  readonly attributes?: NodeSpec['attributes'];
  readonly a?: WeightSpec;
  readonly b?: WeightSpec;
  readonly opset?: number;
  readonly says: RegExp;
}

const float = (shape: number[], ...data: number[]): WeightSpec => ({ shape, data });

const CASES: Record<string, Case> = {
  'tiles without end': { op: 'Tile', inputs: ['x', 'a'], a: ints(HUGE, HUGE, 1, 1), says: /^QP2112/ },
  'tiles of another rank': {
    op: 'Tile',
    inputs: ['x', 'a'],
    a: ints(1, 2),
    says: /^QP2110 Tile cannot take/,
  },
  'an expansion without end': { op: 'Expand', inputs: ['x', 'a'], a: ints(HUGE, 2, 4, 4), says: /^QP2112/ },
  'an expansion that does not fit': { op: 'Expand', inputs: ['x', 'a'], a: ints(3, 4), says: /^QP2110/ },
  'a huge border': { op: 'Pad', inputs: ['x', 'a'], a: ints(0, 0, HUGE, 0, 0, 0, HUGE, 0), says: /^QP2112/ },
  'a border of nothing': {
    op: 'Pad',
    inputs: ['x', 'a'],
    a: ints(0, 0, 0, -4, 0, 0, 0, 2),
    attributes: { mode: 'edge' },
    says: /^QP2110 pads of -4 and 2 leave nothing/,
  },
  'a huge scale': {
    op: 'Resize',
    inputs: ['x', '', 'a'],
    a: float([4], 1, 1, 2 ** 20, 2 ** 20),
    says: /^QP2112/,
  },
  'a scale of 0': { op: 'Resize', inputs: ['x', '', 'a'], a: float([4], 1, 1, 0, 1), says: /^QP2110/ },
  'scales of another rank': { op: 'Resize', inputs: ['x', '', 'a'], a: float([2], 2, 2), says: /^QP2110/ },
  'unknown coordinates': {
    op: 'Resize',
    inputs: ['x', '', 'a'],
    a: float([4], 1, 1, 2, 2),
    attributes: { coordinate_transformation_mode: 'polar' },
    says: /^QP2102 Resize with coordinates "polar"/,
  },
  'a smaller size with antialias': {
    op: 'Resize',
    inputs: ['x', '', 'a'],
    a: float([4], 1, 1, 0.5, 0.5),
    attributes: { mode: 'linear', antialias: 1 },
    opset: 18,
    says: /^QP2102 Resize to a smaller size with antialias cannot be proved .*Use antialias=False/,
  },
  'parts that do not add up': {
    op: 'Split',
    inputs: ['x', 'a'],
    a: ints(1, 2),
    attributes: { axis: 1 },
    says: /^QP2110 2 values cannot be split/,
  },
  'blocks that do not fit': { op: 'DepthToSpace', attributes: { blocksize: 2 }, says: /^QP2110 2 channels/ },
  'blocks larger than the plane': {
    op: 'SpaceToDepth',
    attributes: { blocksize: 3 },
    says: /^QP2110 a plane of 4×4 cannot be cut/,
  },
  'an index outside': {
    op: 'GatherElements',
    inputs: ['x', 'a'],
    a: { shape: [1, 1, 1, 1], data: [7], int: true },
    says: /^QP2110 an index of GatherElements is outside an axis of 1/,
  },
  'coordinates outside': {
    op: 'GatherND',
    inputs: ['x', 'a'],
    a: { shape: [1, 2], data: [0, 2], int: true },
    says: /^QP2110 an index of GatherND is outside an axis of 2/,
  },
  'more coordinates than axes': {
    op: 'GatherND',
    inputs: ['x', 'a'],
    a: { shape: [1, 5], data: [0, 0, 0, 0, 0], int: true },
    says: /^QP2110 GatherND cannot take/,
  },
  'places that depend on data': {
    op: 'GatherElements',
    inputs: ['a', 'x'],
    a: float([1, 2, 4, 4], ...new Array(32).fill(1)),
    says: /^QP2102 GatherElements with indices that depend on data cannot be proved \(node "last" in model\.onnx\)$/,
  },
  'a size that depends on data': {
    op: 'Expand',
    inputs: ['x', 'x'],
    says: /^QP2102 Expand with sizes that depend on data .*Export with fixed sizes/,
  },
  'updates that do not fit': {
    op: 'ScatterND',
    inputs: ['x', 'a', 'b'],
    a: { shape: [1, 2], data: [0, 1], int: true },
    b: float([3], 1, 2, 3),
    says: /^QP2110 ScatterND cannot take/,
  },
  'the largest of updates': {
    op: 'ScatterND',
    inputs: ['x', 'a', 'b'],
    a: { shape: [1, 4], data: [0, 1, 0, 0], int: true },
    b: float([1], 1),
    attributes: { reduction: 'max' },
    opset: 18,
    says: /^QP2102 ScatterND with reduction "max"/,
  },
  'a condition longer than the axis': {
    op: 'Compress',
    inputs: ['x', 'a'],
    a: ints(1, 1, 1),
    attributes: { axis: 1 },
    says: /^QP2110 Compress cannot take/,
  },
  'an equation of other ranks': {
    op: 'Einsum',
    inputs: ['x', 'a'],
    a: float([2], 1, 2),
    attributes: { equation: 'ab,b->a' },
    says: /^QP2110 the equation "ab,b->a" does not fit/,
  },
  'an equation of other sizes': {
    op: 'Einsum',
    inputs: ['x', 'a'],
    a: float([3], 1, 2, 3),
    attributes: { equation: 'abcd,b->acd' },
    says: /^QP2110 Einsum cannot take/,
  },
  'lengths beyond the sequence': {
    op: 'ReverseSequence',
    inputs: ['x', 'a'],
    a: ints(9, 9),
    says: /^QP2110 ReverseSequence cannot take/,
  },
  'a transposed convolution without a result': {
    op: 'ConvTranspose',
    inputs: ['x', 'a'],
    a: float([2, 1, 1, 1], 1, 1),
    attributes: { pads: [2, 2, 2, 2] },
    says: /^QP2110 ConvTranspose cannot take/,
  },
  'groups that do not fit': {
    op: 'ConvTranspose',
    inputs: ['x', 'a'],
    a: float([2, 1, 1, 1], 1, 1),
    attributes: { group: 3 },
    says: /^QP2110 3 groups do not fit 2 channels/,
  },
  'an axis out of range': { op: 'CumSum', inputs: ['x', 'a'], a: scalar(4), says: /^QP2110 axis 4/ },
};

describe('shape operators that do not fit are refused', () => {
  it.each(Object.entries(CASES))(
    '%s',
    async (_, { op, inputs = ['x'], attributes, a, b, opset = 17, says }) => {
      const weights = { ...(a && { a }), ...(b && { b }) };
      const further = op === 'Split' ? { further: ['z'] } : {};
      const node = { op, inputs, output: 'y', name: 'last', ...further, ...(attributes && { attributes }) };
      const path = writeModel(buildOnnx({ input: [1, 2, 4, 4], nodes: [node], weights, opset }));
      await expect(importOnnx(path)).rejects.toThrow(says);
    },
  );
});
