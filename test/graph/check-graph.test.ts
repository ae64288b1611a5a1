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
function validGraph(): FloatGraph {
  const s = new Sketch(1, 4, 4);
  const max = s.max(s.conv(s.x, 2));
  return s.graph(s.add(max, s.relu(max)));
}

const withNode = <N extends FloatNode>(index: number, change: (node: N) => Partial<N>): FloatGraph => {
  const graph = validGraph();
  const node = graph.nodes[index] as N;
  return { ...graph, nodes: graph.nodes.with(index, { ...node, ...change(node) }) };
};

const BROKEN: Record<string, [FloatGraph, RegExp]> = {
  'a duplicate name': [withNode(1, () => ({ name: 'conv' })), /name is not unique/],
  'a gap between nodes': [
    withNode(1, (node) => ({ first: node.first + 1 })),
    /do not follow those of the node before/,
  ],
  'a node that reads itself': [
    withNode<ActivationNode>(2, (node) => ({ source: node.source.with(0, node.first) })),
    /node "relu": it reads value/,
  ],
  'a node that reads ABSENT': [
    withNode<ActivationNode>(2, (node) => ({ source: node.source.with(0, -2) })),
    /reads value -2/,
  ],
  'too few sources': [
    withNode<ActivationNode>(2, (node) => ({ source: node.source.slice(1) })),
    /source has the wrong size/,
  ],
  'a slope that is NaN': [
    withNode<ActivationNode>(2, () => ({ fn: { kind: 'leaky-relu', alpha: Number.NaN } })),
    /node "relu": leaky ReLU with slope NaN is not defined/,
  ],
  'reversed bounds': [
    withNode<ActivationNode>(2, () => ({ fn: { kind: 'clip', min: 2, max: 1 } })),
    /node "relu": clip from 2 to 1 is not defined/,
  ],
  'windows of the wrong size': [withNode<MaxNode>(1, () => ({ taps: 3 })), /gather has the wrong size/],
  'too many biases': [
    withNode<LinearNode>(0, (node) => ({ bias: new Float64Array(node.count + 1) })),
    /bias has the wrong size/,
  ],
  'too few weights in a block': [
    withNode<LinearNode>(0, ({ blocks }) => ({ blocks: [{ ...blocks[0]!, weights: new Float64Array(3) }] })),
    /block has the wrong size/,
  ],
  'blocks with too few outputs': [
    withNode<LinearNode>(0, ({ blocks }) => ({
      blocks: [{ ...blocks[0]!, rows: 1, weights: blocks[0]!.weights.slice(9) }],
    })),
    /do not cover its outputs/,
  ],
  'too few weights in a diagonal': [
    withNode<LinearNode>(3, ({ diagonals }) => ({
      diagonals: [{ ...diagonals[0]!, weights: new Float64Array(1) }],
    })),
    /diagonal has the wrong size/,
  ],
  'an output that is not a value': [
    { ...validGraph(), outputs: [{ ...validGraph().outputs[0]!, values: Int32Array.of(-1) }] },
    /output reads/,
  ],
};

describe('checkGraph', () => {
  it('accepts a valid graph', () => {
    expect(() => checkGraph(validGraph(), 'test')).not.toThrow();
  });

  it.each(Object.entries(BROKEN))('finds %s', (_, [graph, message]) => {
    expect(() => checkGraph(graph, 'a pass')).toThrow(
      expect.objectContaining({ code: 'QP9001', message: expect.stringMatching(message) }),
    );
  });

  it('reports a weight that is not finite as an error of the model', () => {
    const graph = withNode<LinearNode>(0, ({ bias }) => ({ bias: bias.with(3, Number.NaN) }));
    expect(() => checkGraph(graph, 'import')).toThrow(expect.objectContaining({ code: 'QP2109' }));
  });
});
