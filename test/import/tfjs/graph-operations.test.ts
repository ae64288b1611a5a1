import { describe, expect, it } from 'vitest';
import { openTfjsReference } from '../../../src/compile/reference/tfjs.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import { importTfjs } from '../../../src/import/tfjs/import-tfjs.ts';
import { randomNumbers, withModelFolder } from './saved-model.ts';

type Node = Record<string, unknown>;

const type = (name: string) => ({ type: name });
const dims = (...sizes: number[]) => ({ shape: { dim: sizes.map((size) => ({ size: String(size) })) } });

/** A graph model on rows of four numbers of a type, without constants. */
function graphOf(nodes: Node[], dtype = 'DT_FLOAT', batch = -1) {
  const x = { name: 'x', op: 'Placeholder', attr: { dtype: type(dtype), shape: dims(batch, 4) } };
  return {
    format: 'graph-model',
    modelTopology: { node: [x, ...nodes], versions: { producer: 1 } },
    weightsManifest: [],
  };
}

const cast = (name: string, from: string, source: string, to = 'DT_FLOAT'): Node => ({
  ...{ name, op: 'Cast', input: [source], attr: { SrcT: type(from), DstT: type(to) } },
});

async function compare(json: unknown, rows: readonly ArrayLike<number>[]) {
  await withModelFolder(json, {}, async (path) => {
    const graph = await importTfjs(path);
    const reference = await openTfjsReference(path);
    for (const row of rows) {
      const found = outputsOf(graph, executeFloat(graph, Float64Array.from(row)));
      const expected = await reference.run(Float64Array.from(row));
      expect(found.length).toBe(expected.length);
      expected.forEach((value, i) => {
        expect(found[i]).toBeCloseTo(value, 5);
      });
    }
    await reference.close();
  });
}

describe('operations that the converter writes in other words', () => {
  it.each([
    ['Equal', ['x', 'near']],
    ['LessEqual', ['x', 'near']],
    ['LogicalNot', ['mask']],
  ])('%s computes what TensorFlow.js computes', async (op, input) => {
    const near = { name: 'near', op: 'Floor', input: ['x'], attr: { T: type('DT_FLOAT') } };
    const mask = { name: 'mask', op: 'Greater', input: ['x', 'near'], attr: { T: type('DT_FLOAT') } };
    const nodes = [near, ...(op === 'LogicalNot' ? [mask] : []), { name: 'y', op, input, attr: {} }];
    await compare(graphOf([...nodes, cast('z', 'DT_BOOL', 'y')]), [[0.5, 1, -1, -0.25], randomNumbers(4, 3)]);
  });

  it('Select computes what TensorFlow.js computes', async () => {
    const near = { name: 'near', op: 'Floor', input: ['x'], attr: { T: type('DT_FLOAT') } };
    const mask = { name: 'mask', op: 'Greater', input: ['x', 'near'], attr: { T: type('DT_FLOAT') } };
    const y = { name: 'y', op: 'Select', input: ['mask', 'x', 'near'], attr: { T: type('DT_FLOAT') } };
    await compare(graphOf([near, mask, y]), [
      [0.5, 1, -1, -0.25],
      [2, 2.5, 0, -0.5],
    ]);
  });

  it('a softmax between layers is computed, of each row of a batch', async () => {
    const soft = { name: 'soft', op: 'Softmax', input: ['x'], attr: { T: type('DT_FLOAT') } };
    const y = { name: 'y', op: 'Square', input: ['soft'], attr: { T: type('DT_FLOAT') } };
    await compare(graphOf([soft, y], 'DT_FLOAT', 3), [randomNumbers(12, 5), randomNumbers(12, 6)]);
  });
});

describe('integers of the input', () => {
  it.each(['DT_INT32', 'DT_BOOL'])('of %s are cast to floats', async (dtype) => {
    await compare(graphOf([cast('y', dtype, 'x')], dtype), [[0, 1, 1, 0]]);
  });

  it.each<[string, Node, string, string]>([
    ['are not computed with', { name: 'y', op: 'Square', input: ['x'], attr: {} }, 'DT_INT32', 'QP2208'],
    ['are not made of fractions', cast('y', 'DT_FLOAT', 'z', 'DT_INT32'), 'DT_FLOAT', 'QP2136'],
    ['are of a known type', { name: 'y', op: 'Identity', input: ['x'], attr: {} }, 'DT_STRING', 'QP2105'],
  ])('%s', async (_, node, dtype, code) => {
    const exp = { name: 'z', op: 'Exp', input: ['x'], attr: { T: type(dtype) } };
    const nodes = (node.input as string[])[0] === 'z' ? [exp, node] : [node];
    const read = withModelFolder(graphOf(nodes, dtype), {}, importTfjs);
    await expect(read).rejects.toMatchObject({ code });
  });
});

it('what TensorFlow.js refuses only when it runs is refused by name', async () => {
  const fused = ['BiasAdd', 'Tanh'].map((name) => Buffer.from(name).toString('base64'));
  const constant = (name: string, shape: number[]) => ({
    ...{ name, op: 'Const', attr: { dtype: type('DT_FLOAT'), value: { tensor: { dtype: 'DT_FLOAT' } } } },
    shape,
  });
  const weights = [constant('w', [4, 2]), constant('b', [2])];
  const y = {
    ...{ name: 'y', op: '_FusedMatMul', input: ['x', 'w', 'b'] },
    attr: { fused_ops: { list: { s: fused } }, num_args: { i: '1' }, T: type('DT_FLOAT') },
  };
  const specs = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const json = {
    ...graphOf([...weights.map(({ shape: _, ...node }) => node), y]),
    weightsManifest: [{ paths: ['w.bin'], weights: specs }],
  };
  await withModelFolder(json, { 'w.bin': new Uint8Array(randomNumbers(10, 1).buffer) }, async (path) => {
    const reference = await openTfjsReference(path);
    await expect(reference.run(Float64Array.of(1, 2, 3, 4))).rejects.toMatchObject({ code: 'QP3010' });
    await reference.close();
  });
});
