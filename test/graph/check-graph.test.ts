import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../src/graph/check-graph.ts';
import type {
  ActivationNode,
  FloatGraph,
  FloatNode,
  LinearNode,
  MaxNode,
} from '../../src/graph/float-graph.ts';
import { Sketch } from './sketch.ts';

/** conv, max, relu, add */
function sound(): FloatGraph {
  const s = new Sketch(1, 4, 4);
  const max = s.max(s.conv(s.x, 2));
  return s.graph(s.add(max, s.relu(max)));
}

const withNode = <N extends FloatNode>(index: number, change: (node: N) => Partial<N>): FloatGraph => {
  const graph = sound();
  const node = graph.nodes[index] as N;
  return { ...graph, nodes: graph.nodes.with(index, { ...node, ...change(node) }) };
};

const BROKEN: Record<string, [FloatGraph, RegExp]> = {
  'a name twice': [withNode(1, () => ({ name: 'conv' })), /name is not unique/],
  'a gap between nodes': [withNode(1, (node) => ({ first: node.first + 1 })), /end of the values/],
  'a node that reads itself': [
    withNode<ActivationNode>(2, (node) => ({ source: node.source.with(0, node.first) })),
    /node "relu": it reads the value/,
  ],
  'a hole that is read': [
    withNode<ActivationNode>(2, (node) => ({ source: node.source.with(0, -2) })),
    /reads the value -2/,
  ],
  'too few sources': [
    withNode<ActivationNode>(2, (node) => ({ source: node.source.slice(1) })),
    /source has a wrong size/,
  ],
  'a slope that is no number': [
    withNode<ActivationNode>(2, () => ({ fn: { kind: 'leaky-relu', alpha: Number.NaN } })),
    /node "relu": leaky ReLU with slope NaN is not a function/,
  ],
  'bounds in the wrong order': [
    withNode<ActivationNode>(2, () => ({ fn: { kind: 'clip', min: 2, max: 1 } })),
    /node "relu": clip from 2 to 1 is not a function/,
  ],
  'windows that do not fit': [withNode<MaxNode>(1, () => ({ taps: 3 })), /gather has a wrong size/],
  'a bias too many': [
    withNode<LinearNode>(0, (node) => ({ bias: new Float64Array(node.count + 1) })),
    /bias has a wrong size/,
  ],
  'a block too short': [
    withNode<LinearNode>(0, ({ blocks }) => ({ blocks: [{ ...blocks[0]!, weights: new Float64Array(3) }] })),
    /block has wrong sizes/,
  ],
  'a block too few': [
    withNode<LinearNode>(0, ({ blocks }) => ({
      blocks: [{ ...blocks[0]!, rows: 1, weights: blocks[0]!.weights.slice(9) }],
    })),
    /do not make up its outputs/,
  ],
  'a diagonal too short': [
    withNode<LinearNode>(3, ({ diagonals }) => ({
      diagonals: [{ ...diagonals[0]!, weights: new Float64Array(1) }],
    })),
    /diagonal has a wrong size/,
  ],
  'an output that is no value': [
    { ...sound(), output: { ...sound().output, values: Int32Array.of(-1) } },
    /output reads/,
  ],
};

describe('checkGraph', () => {
  it('accepts a sound graph', () => {
    expect(() => checkGraph(sound(), 'test')).not.toThrow();
  });

  it.each(Object.entries(BROKEN))('finds %s', (_, [graph, message]) => {
    expect(() => checkGraph(graph, 'a pass')).toThrow(
      expect.objectContaining({ code: 'QP9001', message: expect.stringMatching(message) }),
    );
  });

  it('says which weight is not finite, as the model’s fault', () => {
    const graph = withNode<LinearNode>(0, ({ bias }) => ({ bias: bias.with(3, Number.NaN) }));
    expect(() => checkGraph(graph, 'import')).toThrow(expect.objectContaining({ code: 'QP2109' }));
  });
});
