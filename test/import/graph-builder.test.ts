import { describe, expect, it } from 'vitest';
import { executeFloat, outputsOf } from '../../src/graph/execute.ts';
import type { LinearNode } from '../../src/graph/float-graph.ts';
import { dense } from '../../src/import/dense.ts';
import { GraphBuilder } from '../../src/import/graph-builder.ts';
import { concatViews, permuteView, reshapeView } from '../../src/import/rearrange.ts';

const SOURCE = { format: 'onnx', file: 'a.onnx', sha256: '00' } as const;
const node = { name: 'n', op: 'Op' };
const constant = (shape: number[], ...data: number[]) => ({ shape, data: Float64Array.from(data) });

describe('GraphBuilder', () => {
  it('gives every node a unique name', () => {
    const builder = new GraphBuilder('m', 'a.onnx');
    const x = builder.input('x', [1, 2]);
    const relu = () => builder.activation(node, x, { kind: 'relu' });
    const nameless = builder.activation({ name: '', op: 'Relu' }, relu(), { kind: 'relu' });
    relu();
    const { nodes } = builder.finish(SOURCE, [{ name: 'y', view: nameless, head: 'none' }]);
    expect(nodes.map(({ name }) => name)).toEqual(['n', 'Relu', 'n#2']);
  });

  it('applies a matrix over the last dimension, in order', () => {
    const builder = new GraphBuilder('m', 'a.onnx');
    const x = builder.input('x', [1, 3, 2]);
    const y = dense(builder, node, x, constant([2, 2], 1, 10, 100, 1000), Float64Array.of(0, 5));
    expect(y.shape).toEqual([1, 3, 2]);
    const graph = builder.finish(SOURCE, [{ name: 'y', view: y, head: 'none' }]);
    const out = outputsOf(graph, executeFloat(graph, Float64Array.of(1, 2, 3, 4, 5, 6)));
    expect([...out]).toEqual([21, 2105, 43, 4305, 65, 6505]);
    expect(graph.outputs[0]!.shape).toEqual([3, 2]);
  });

  it('adds no node for a scale by one, a reshape, a transpose or a concat', () => {
    const builder = new GraphBuilder('m', 'a.onnx');
    const x = builder.input('x', [1, 2, 3]);
    const same = builder.affine(node, x, constant([], 1), constant([3], 0, 0, 0));
    const turned = permuteView(same, [0, 2, 1]);
    const joined = concatViews([turned, reshapeView(x, [1, 3, 2])], 2);
    expect(joined.shape).toEqual([1, 3, 4]);
    const graph = builder.finish(SOURCE, [{ name: 'y', view: joined, head: 'none' }]);
    expect(graph.nodes).toEqual([]);
    expect([...graph.outputs[0]!.values]).toEqual([0, 3, 0, 1, 1, 4, 2, 3, 2, 5, 4, 5]);
  });

  it('turns constants into a bias, adds no node for zeros, and gives zero outputs an id', () => {
    const builder = new GraphBuilder('m', 'a.onnx');
    const x = builder.input('x', [1, 1]);
    const zero = builder.constant(node, constant([1, 1], 0));
    const two = builder.constant(node, constant([1, 1], 2));
    const graph = builder.finish(SOURCE, [{ name: 'y', view: concatViews([x, zero, two], 1), head: 'none' }]);
    const [bias, shown] = graph.nodes as LinearNode[];
    expect([...bias!.bias]).toEqual([2]);
    expect([...shown!.diagonals[0]!.source]).toEqual([0, -1, 1]);
    expect([...outputsOf(graph, executeFloat(graph, Float64Array.of(7)))]).toEqual([7, 0, 2]);
  });

  it('broadcasts both operands, and names the node where that fails', () => {
    const builder = new GraphBuilder('m', 'a.onnx');
    const x = builder.input('x', [1, 2, 1]);
    expect(builder.affine(node, x, constant([3], 1, 2, 3)).shape).toEqual([1, 2, 3]);
    const wide = { shape: [1, 1, 2], ids: x.ids };
    expect(builder.add(node, x, wide).shape).toEqual([1, 2, 2]);
    const three = { shape: [1, 3, 1], ids: Int32Array.of(0, 0, 0) };
    expect(() => builder.add(node, x, three)).toThrow(/QP2110 1×2×1 and 1×3×1 .*\(node "n" in a\.onnx\)/);
  });

  it('refuses weights that do not fit, empty tensors and huge tensors', () => {
    const builder = new GraphBuilder('m', 'a.onnx');
    const x = builder.input('x', [1, 2]);
    expect(() => dense(builder, node, x, constant([1, 3], 1, 2, 3))).toThrow(/QP2110 weights of shape 1×3/);
    expect(() => builder.checkSize(node, 0)).toThrow(/QP2110/);
    expect(() => builder.checkSize(node, 2 ** 30)).toThrow(/QP2112/);
  });
});
