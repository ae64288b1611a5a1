import { describe, expect, it } from 'vitest';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { sizeOf } from '../../../src/import/tensor.ts';
import { buildOnnx, type ModelSpec, writeModel } from './build-onnx.ts';
import { largestError, noise, runModel, runReference } from './compare.ts';

const weight = (...shape: number[]) => ({ shape, data: noise(sizeOf(shape), 7) });
const ints = (...data: number[]) => ({ shape: [data.length], data, int: true });

/** Forms that ONNX has no node test for. */
const CASES: Record<string, ModelSpec> = {
  'a sum of products of three operands, with an ellipsis and a repeated label': {
    input: [1, 3, 4, 4],
    weights: { w: weight(5, 3), v: weight(5, 2) },
    nodes: [
      { op: 'Einsum', inputs: ['w', 'x', 'v'], output: 'y', attributes: { equation: 'oc,...cii,op->...ip' } },
    ],
    opset: 13,
  },
  'a bilinear form of a value with itself': {
    input: [1, 4],
    weights: { w: weight(3, 4, 4) },
    nodes: [
      { op: 'Einsum', inputs: ['x', 'w', 'x'], output: 'y', attributes: { equation: 'bi,oij,bj->bo' } },
    ],
    opset: 13,
  },
  'an equation without an arrow': {
    input: [1, 4],
    weights: { w: weight(4, 3) },
    nodes: [{ op: 'Einsum', inputs: ['x', 'w'], output: 'y', attributes: { equation: 'bi,io' } }],
    opset: 13,
  },
  'a transposed convolution in groups, dilated, with auto_pad': {
    input: [1, 4, 5, 4],
    weights: { w: weight(4, 2, 3, 2), b: weight(4) },
    nodes: [
      {
        op: 'ConvTranspose',
        inputs: ['x', 'w', 'b'],
        output: 'y',
        attributes: { group: 2, strides: [2, 3], auto_pad: 'SAME_LOWER' },
      },
    ],
  },
  'a transposed convolution over three dimensions': {
    input: [1, 2, 3, 2, 3],
    weights: { w: weight(2, 3, 2, 2, 2) },
    nodes: [
      {
        op: 'ConvTranspose',
        inputs: ['x', 'w'],
        output: 'y',
        attributes: { dilations: [2, 1, 1], strides: [1, 2, 1] },
      },
    ],
  },
  'borders by reflection on two axes, after a crop': {
    input: [1, 2, 5, 6],
    weights: { p: ints(0, 0, -1, 2, 0, 0, 2, -1) },
    nodes: [{ op: 'Pad', inputs: ['x', 'p'], output: 'y', attributes: { mode: 'reflect' } }],
  },
  'borders that wrap around twice': {
    input: [1, 3],
    weights: { p: ints(0, 3, 0, 2) },
    nodes: [{ op: 'Pad', inputs: ['x', 'p'], output: 'y', attributes: { mode: 'wrap' } }],
    opset: 19,
  },
  'a smaller size by coordinates of half pixels': {
    input: [1, 1, 7, 5],
    weights: { s: ints(1, 1, 3, 2) },
    nodes: [{ op: 'Resize', inputs: ['x', '', '', 's'], output: 'y', attributes: { mode: 'linear' } }],
  },
  'a volume between values': {
    input: [1, 2, 3, 2, 3],
    weights: { s: { shape: [5], data: [1, 1, 2, 2, 1.5] } },
    nodes: [
      {
        op: 'Resize',
        inputs: ['x', '', 's'],
        output: 'y',
        attributes: { mode: 'linear', coordinate_transformation_mode: 'align_corners' },
      },
    ],
  },
  'depthwise convolution': {
    input: ['batch', 4, 6, 5],
    weights: { w: weight(4, 1, 3, 3), b: weight(4) },
    nodes: [
      { op: 'Conv', inputs: ['x', 'w', 'b'], output: 'y', attributes: { group: 4, pads: [1, 1, 1, 1] } },
    ],
  },
  'grouped, dilated, strided convolution with uneven padding': {
    input: [1, 4, 9, 8],
    weights: { w: weight(6, 2, 3, 2), b: weight(6) },
    nodes: [
      {
        op: 'Conv',
        inputs: ['x', 'w', 'b'],
        output: 'y',
        attributes: { group: 2, dilations: [2, 1], strides: [1, 2], pads: [2, 0, 1, 3] },
      },
    ],
  },
  'convolution of one dimension': {
    input: [1, 3, 12],
    weights: { w: weight(5, 3, 4) },
    nodes: [
      { op: 'Conv', inputs: ['x', 'w'], output: 'y', attributes: { auto_pad: 'SAME_LOWER', strides: [2] } },
    ],
  },
  'dilated maximum that hangs over the edge': {
    input: [1, 2, 9, 9],
    nodes: [
      {
        op: 'MaxPool',
        inputs: ['x'],
        output: 'y',
        attributes: {
          kernel_shape: [3, 2],
          strides: [2, 3],
          dilations: [2, 2],
          ceil_mode: 1,
          pads: [1, 1, 1, 1],
        },
      },
    ],
  },
  'average of one dimension over padding': {
    input: [1, 2, 11],
    nodes: [
      {
        op: 'AveragePool',
        inputs: ['x'],
        output: 'y',
        attributes: { kernel_shape: [4], strides: [3], pads: [2, 1], count_include_pad: 1, ceil_mode: 1 },
      },
    ],
    opset: 19,
  },
  'average without its padding': {
    input: [1, 2, 7, 7],
    nodes: [
      {
        op: 'AveragePool',
        inputs: ['x'],
        output: 'y',
        attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
      },
    ],
    opset: 8,
  },
  'clip by attributes': {
    input: [1, 8],
    nodes: [{ op: 'Clip', inputs: ['x'], output: 'y', attributes: { min: -0.5, max: 1.25 } }],
    opset: 10,
  },
  'slice by attributes': {
    input: [1, 6, 4],
    nodes: [
      {
        op: 'Slice',
        inputs: ['x'],
        output: 'y',
        attributes: { starts: [1, -3], ends: [-1, 99], axes: [1, 2] },
      },
    ],
    opset: 9,
  },
  'pad by attributes, then crop': {
    input: [1, 3, 4],
    nodes: [
      { op: 'Pad', inputs: ['x'], output: 'p', attributes: { pads: [0, 1, 2, 0, 0, 1], value: 0.75 } },
      { op: 'Pad', inputs: ['p'], output: 'y', attributes: { pads: [0, 0, -1, 0, -1, 0] } },
    ],
    opset: 10,
  },
  'squeeze and unsqueeze by attributes': {
    input: [1, 1, 5],
    nodes: [
      { op: 'Squeeze', inputs: ['x'], output: 's', attributes: { axes: [1] } },
      { op: 'Unsqueeze', inputs: ['s'], output: 'u', attributes: { axes: [0, 3] } },
      { op: 'Identity', inputs: ['u'], output: 'y' },
    ],
    opset: 12,
  },
  'mean by attributes': {
    input: [1, 3, 4],
    nodes: [{ op: 'ReduceMean', inputs: ['x'], output: 'y', attributes: { axes: [-1], keepdims: 0 } }],
    opset: 13,
  },
  'sum and difference of two activations, broadcast': {
    input: [1, 2, 3],
    weights: { w: weight(3, 3) },
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w'], output: 'm' },
      { op: 'ReduceMean', inputs: ['m'], output: 'c', attributes: { axes: [1], keepdims: 1 } },
      { op: 'Sub', inputs: ['c', 'x'], output: 'd' },
      { op: 'Add', inputs: ['d', 'm'], output: 'y' },
    ],
    opset: 13,
  },
  'a summand of Gemm that is an activation': {
    input: [1, 4],
    weights: { w: weight(4, 4) },
    nodes: [
      { op: 'Relu', inputs: ['x'], output: 'r' },
      { op: 'Gemm', inputs: ['x', 'w', 'r'], output: 'y', attributes: { beta: -0.5, alpha: 1.5 } },
    ],
  },
  'flatten through arithmetic on the shape': {
    input: ['batch', 2, 3, 4],
    weights: { zero: { shape: [], data: [0], int: true }, minus: ints(-1), axes: ints(0) },
    nodes: [
      { op: 'Shape', inputs: ['x'], output: 's' },
      { op: 'Gather', inputs: ['s', 'zero'], output: 'n', attributes: { axis: 0 } },
      { op: 'Unsqueeze', inputs: ['n', 'axes'], output: 'n1' },
      { op: 'Concat', inputs: ['n1', 'minus'], output: 'to', attributes: { axis: 0 } },
      { op: 'Cast', inputs: ['to'], output: 'to64', attributes: { to: 7 } },
      { op: 'Reshape', inputs: ['x', 'to64'], output: 'y' },
    ],
  },
  'a shape by slicing, dividing and multiplying': {
    input: ['batch', 4, 6],
    weights: { from: ints(1), end: ints(3), two: ints(2), one: ints(1) },
    nodes: [
      { op: 'Shape', inputs: ['x'], output: 's' },
      { op: 'Slice', inputs: ['s', 'from', 'end'], output: 'row' },
      { op: 'ReduceProd', inputs: ['row'], output: 'size', attributes: { keepdims: 1 } },
      { op: 'Div', inputs: ['size', 'two'], output: 'half' },
      { op: 'Concat', inputs: ['one', 'two', 'half'], output: 'to', attributes: { axis: 0 } },
      { op: 'Reshape', inputs: ['x', 'to'], output: 'y' },
    ],
  },
  'constants in nodes, and arithmetic on them': {
    input: [1, 3],
    weights: { v: { shape: [3], data: [4, 9, 2.25] }, three: ints(3) },
    nodes: [
      { op: 'Sqrt', inputs: ['v'], output: 'root' },
      { op: 'Neg', inputs: ['root'], output: 'minus' },
      { op: 'Constant', inputs: [], output: 'half', attributes: { value_float: 0.5 } },
      { op: 'ConstantOfShape', inputs: ['three'], output: 'zeros' },
      { op: 'Sub', inputs: ['zeros', 'minus'], output: 'scale' },
      { op: 'Mul', inputs: ['x', 'scale'], output: 'scaled' },
      { op: 'Add', inputs: ['scaled', 'half'], output: 'y' },
    ],
  },
  'rounding of constants': {
    input: [1, 2],
    weights: { v: { shape: [2], data: [1.5, -1.5] } },
    nodes: [
      { op: 'Floor', inputs: ['v'], output: 'f' },
      { op: 'Ceil', inputs: ['v'], output: 'c' },
      { op: 'Mul', inputs: ['x', 'f'], output: 'm' },
      { op: 'Sub', inputs: ['m', 'c'], output: 'y' },
    ],
  },
  'softmax before operator set 13': {
    input: [1, 2, 3],
    nodes: [{ op: 'Softmax', inputs: ['x'], output: 'y' }],
    opset: 11,
  },
  'argmax of a softmax, as a label': {
    input: [1, 5],
    weights: { w: weight(5, 5) },
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w'], output: 'm' },
      { op: 'Softmax', inputs: ['m'], output: 's' },
      { op: 'ArgMax', inputs: ['s'], output: 'a', attributes: { axis: 1, keepdims: 0 } },
      { op: 'Cast', inputs: ['a'], output: 'y', attributes: { to: 1 } },
    ],
  },
  'a sigmoid that is squeezed': {
    input: [1, 4],
    weights: { w: weight(4, 1), axes: ints(1) },
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w'], output: 'm' },
      { op: 'Sigmoid', inputs: ['m'], output: 's' },
      { op: 'Squeeze', inputs: ['s', 'axes'], output: 'y' },
    ],
  },
};

describe('operators against ONNX Runtime', () => {
  it.each(Object.entries(CASES))('%s', async (_, spec) => {
    const path = writeModel(buildOnnx(spec));
    const graph = await importOnnx(path);
    const row = noise(graph.input.count);
    const expected = await runReference(path, row);
    expect(largestError(runModel(graph, row), expected)).toBeLessThan(2e-6);
    expect(largestError(runModel(simplifyGraph(graph), row), expected)).toBeLessThan(2e-6);
  });
});

describe('Pow with a constant exponent', () => {
  it.each([2, 3, 4])('of %i is a product, which has no bounds to saturate at', async (exponent) => {
    const spec: ModelSpec = {
      input: [1, 5],
      weights: { c: { shape: [], data: [exponent] } },
      nodes: [{ op: 'Pow', inputs: ['x', 'c'], output: 'y' }],
    };
    const path = writeModel(buildOnnx(spec));
    const graph = await importOnnx(path);
    const kinds = new Set(graph.nodes.map(({ op }) => op));
    expect([...kinds]).toEqual(['product']);
    const row = noise(graph.input.count).map((value) => 100 * value);
    const expected = await runReference(path, row);
    const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largestError(runModel(graph, row), expected) / size).toBeLessThan(1e-6);
  });
});
