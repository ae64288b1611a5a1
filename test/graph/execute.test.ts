import { describe, expect, it } from 'vitest';
import { executeFloat, outputsOf } from '../../src/graph/execute.ts';
import { ABSENT, type FloatGraph, ZERO } from '../../src/graph/float-graph.ts';

/** A hand-written graph with every kind of node. */
const GRAPH: FloatGraph = {
  name: 'hand',
  source: { format: 'onnx', file: 'hand.onnx', sha256: '00' },
  input: {
    ...{ name: 'x', shape: [3], count: 3 },
    parts: [{ name: 'x', shape: [3], count: 3, values: { kind: 'real' } }],
  },
  nodes: [
    {
      op: 'linear',
      name: 'conv',
      origin: ['Conv'],
      first: 3,
      count: 4,
      // Two rows at two positions; the second position extends into the padding.
      blocks: [
        {
          rows: 2,
          positions: 2,
          taps: 2,
          weights: Float64Array.of(1, 2, -1, 3),
          gather: Int32Array.of(0, 1, 2, ZERO),
        },
      ],
      diagonals: [{ weights: Float64Array.of(1, 1, 10, 10), source: Int32Array.of(0, ZERO, 2, 2) }],
      bias: Float64Array.of(0, 0.5, 0, 0),
    },
    {
      op: 'activation',
      name: 'relu',
      origin: ['Relu'],
      first: 7,
      count: 2,
      fn: { kind: 'relu' },
      source: Int32Array.of(3, 5),
    },
    {
      op: 'activation',
      name: 'leaky',
      origin: ['LeakyRelu'],
      first: 9,
      count: 2,
      fn: { kind: 'leaky-relu', alpha: 0.5 },
      source: Int32Array.of(5, 6),
    },
    {
      op: 'activation',
      name: 'clip',
      origin: ['Clip'],
      first: 11,
      count: 3,
      fn: { kind: 'clip', min: 1, max: 2 },
      source: Int32Array.of(0, 2, ZERO),
    },
    {
      op: 'max',
      name: 'max',
      origin: ['MaxPool'],
      first: 14,
      count: 2,
      taps: 2,
      gather: Int32Array.of(5, ABSENT, ZERO, 5),
    },
  ],
  hasSeveralOutputs: false,
  outputs: [{ name: 'y', tensor: 'y', shape: [2], values: Int32Array.of(15, 14), head: 'none' }],
};

describe('executeFloat', () => {
  it('computes every node by its definition', () => {
    const values = executeFloat(GRAPH, Float64Array.of(2, -1, 5));
    // conv: 1·2 + 2·(−1) + 2;  5 + 0.5;  −2 − 3 + 50;  −5 + 50
    expect([...values.subarray(3, 7)]).toEqual([2, 5.5, 45, 45]);
    expect([...values.subarray(7)]).toEqual([2, 45, 45, 45, 2, 2, 1, 45, 45]);
    expect([...outputsOf(GRAPH, values)]).toEqual([45, 45]);
  });

  it('computes activations and maxima of negative values', () => {
    const values = executeFloat(GRAPH, Float64Array.of(2, -1, -5));
    expect([...values.subarray(3, 7)]).toEqual([2, -4.5, -55, -45]);
    expect([...values.subarray(7)]).toEqual([2, 0, -27.5, -22.5, 2, 1, 1, -55, 0]);
  });
});
