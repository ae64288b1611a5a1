import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../src/errors/registry.ts';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { buildOnnx, type ModelSpec, type NodeSpec, tensorProto, writeModel } from './build-onnx.ts';

const matrix = { w: { shape: [3, 3], data: [1, 2, 3, 4, 5, 6, 7, 8, 9] } };
const dense: NodeSpec = { op: 'MatMul', inputs: ['x', 'w'], output: 'm', name: 'dense' };
const last = (node: Partial<NodeSpec> & { op: string }): ModelSpec => ({
  input: ['batch', 3],
  weights: matrix,
  nodes: [dense, { inputs: ['m'], output: 'y', name: 'last', ...node }],
});
const poolOf = (attributes: NonNullable<NodeSpec['attributes']>, op = 'MaxPool'): ModelSpec => ({
  input: [1, 1, 4, 4],
  nodes: [
    { op, inputs: ['x'], output: 'y', name: 'pool', attributes: { kernel_shape: [2, 2], ...attributes } },
  ],
});

/** Each refused model, the error code, and what the message must contain. */
const CASES: Record<string, [ModelSpec, ErrorCode, RegExp]> = {
  'an unknown operator': [
    last({ op: 'LSTM' }),
    'QP2101',
    /^QP2101 LSTM, a recurrent layer, cannot be proved \(node "last" in model\.onnx\)\. Replace the recurrent/,
  ],
  'an operator of another domain': [last({ op: 'Relu', domain: 'com.acme' }), 'QP2101', /Relu of com\.acme/],
  'a property name of every JavaScript object': [
    last({ op: 'constructor' }),
    'QP2101',
    /constructor, an operator that ONNX does not define, cannot be proved/,
  ],
  'an attribute that the operator does not read': [
    last({ op: 'Relu', attributes: { sharpness: 2 } }),
    'QP2102',
    /Relu with the attribute "sharpness"/,
  ],
  'weights that depend on data': [
    { input: [1, 1, 3, 3], nodes: [{ op: 'Conv', inputs: ['x', 'x'], output: 'y', name: 'conv' }] },
    'QP2102',
    /Conv with weights that depend on data/,
  ],
  'batch norm in training': [
    {
      input: [1, 2],
      weights: { v: { shape: [2], data: [1, 2] } },
      nodes: [
        {
          op: 'BatchNormalization',
          inputs: ['x', 'v', 'v', 'v', 'v'],
          output: 'y',
          attributes: { training_mode: 1 },
        },
      ],
    },
    'QP2102',
    /in training mode/,
  ],
  'a pool over four dimensions': [
    {
      input: [1, 1, 4, 4, 4, 4],
      nodes: [{ op: 'MaxPool', inputs: ['x'], output: 'y', attributes: { kernel_shape: [2, 2, 2, 2] } }],
    },
    'QP2102',
    /over 4 dimensions/,
  ],
  'padding in an unknown mode': [
    {
      input: [1, 4],
      opset: 10,
      nodes: [{ op: 'Pad', inputs: ['x'], output: 'y', attributes: { mode: 'mirror', pads: [0, 1, 0, 1] } }],
    },
    'QP2102',
    /mode "mirror"/,
  ],
  'rounding by a cast': [
    last({ op: 'Cast', attributes: { to: 7 } }),
    'QP2102',
    /Cast of activations to int64/,
  ],
  'a cast to text': [last({ op: 'Cast', attributes: { to: 8 } }), 'QP2105', /string/],
  'operator set 7': [
    { ...last({ op: 'Relu' }), opset: 7 },
    'QP2104',
    /operator set 7: versions 8 to 24 are supported/,
  ],
  'operator set 25': [{ ...last({ op: 'Relu' }), opset: 25 }, 'QP2104', /operator set 25/],
  'no operator set': [{ ...last({ op: 'Relu' }), opset: 0 }, 'QP2104', /does not name its operator set/],
  'an operator that cannot be proved, of an operator set that is not supported': [
    { ...last({ op: 'Det' }), opset: 7 },
    'QP2101',
    /Det/,
  ],
  'text as input': [{ ...last({ op: 'Relu' }), inputType: 8 }, 'QP2155', /MatMul of texts/],
  'a dynamic dimension besides the batch': [
    { ...last({ op: 'Relu' }), input: ['batch', 'time', 3] },
    'QP2107',
    /dimension 1 of the input is dynamic/,
  ],
  // Found by random graphs: ONNX Runtime pads as if the dilation were 1.
  'dilations with auto_pad': [
    poolOf({ auto_pad: 'SAME_UPPER', dilations: [1, 2] }),
    'QP2102',
    /MaxPool with auto_pad "SAME_UPPER" and dilations/,
  ],
  'a weight that is infinite': [
    { ...last({ op: 'Relu' }), weights: { w: { shape: [3, 3], data: [1, 2, 3, 4, Infinity, 6, 7, 8, 9] } } },
    'QP2109',
    /Infinity/,
  ],
  'a division by zero': [
    {
      ...last({ op: 'Div', inputs: ['m', 'w'] }),
      weights: { w: { shape: [3, 3], data: new Float64Array(9) } },
    },
    'QP2109',
    /not a finite/,
  ],
  'matrices that do not fit': [
    { ...last({ op: 'Relu' }), weights: { w: { shape: [4, 2], data: new Float64Array(8) } } },
    'QP2110',
    /1×3 cannot be multiplied by 4×2/,
  ],
  'operands that cannot be broadcast': [
    { ...last({ op: 'Add', inputs: ['m', 'c'] }), weights: { ...matrix, c: { shape: [2], data: [1, 2] } } },
    'QP2110',
    /1×3 and 2 cannot be broadcast/,
  ],
  'an axis out of range': [last({ op: 'Flatten', attributes: { axis: 5 } }), 'QP2110', /axis 5/],
  'a kernel larger than the plane': [
    poolOf({ kernel_shape: [5, 5] }),
    'QP2110',
    /does not fit a plane of 4×4/,
  ],
  'a stride of zero': [poolOf({ strides: [0, 1] }), 'QP2111', /strides \[0,1\]/],
  'a huge padding': [
    poolOf({ pads: [2 ** 30, 2 ** 30, 2 ** 30, 2 ** 30] }, 'AveragePool'),
    'QP2112',
    /too large/,
  ],
  'a huge constant': [
    {
      input: [1, 3],
      weights: { s: { shape: [2], data: [2 ** 20, 2 ** 20], int: true } },
      nodes: [
        { op: 'ConstantOfShape', inputs: ['s'], output: 'c' },
        { op: 'Add', inputs: ['x', 'c'], output: 'y' },
      ],
    },
    'QP2112',
    /too large/,
  ],
  'a tensor that no node produces': [
    last({ op: 'Relu', inputs: ['ghost'] }),
    'QP2111',
    /reads "ghost", which no earlier node produces/,
  ],
  'a missing input': [{ ...last({ op: 'Add', inputs: ['m'] }) }, 'QP2111', /Add is missing its input 2/],
};

describe('refusals', () => {
  it.each(Object.entries(CASES))('%s', async (_, [spec, code, message]) => {
    await expect(importOnnx(writeModel(buildOnnx(spec)))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('names every unsupported operator, how often it occurs and where first', async () => {
    const nodes = [
      { op: 'LSTM', inputs: ['m'], output: 't', name: 'rnn' },
      { op: 'Det', inputs: ['t'], output: 'u', name: 'd1' },
      { op: 'Det', inputs: ['u'], output: 'v', name: 'd2' },
      { op: 'QGemm', domain: 'com.microsoft', inputs: ['v'], output: 'y', name: 'q' },
    ];
    const path = writeModel(buildOnnx({ ...last({ op: 'Relu' }), nodes: [dense, ...nodes] }));
    await expect(importOnnx(path)).rejects.toThrow(
      'LSTM, a recurrent layer, cannot be proved, nor can Det, a determinant (2 nodes, first "d1"), ' +
        'QGemm of com.microsoft, a layer quantized elsewhere ("q") (node "rnn" in model.onnx)',
    );
  });

  it('ignores an unknown operator that the output does not depend on', async () => {
    const spec = last({ op: 'Relu' });
    const path = writeModel(
      buildOnnx({ ...spec, nodes: [...spec.nodes, { op: 'LSTM', inputs: ['m'], output: 'side' }] }),
    );
    expect((await importOnnx(path)).nodes).toHaveLength(2);
  });

  it('no input, and inputs that take different numbers of rows', async () => {
    const edit = (change: (graph: NonNullable<ReturnType<typeof decode>['graph']>) => void) => {
      const model = decode(buildOnnx(last({ op: 'Relu' })));
      change(model.graph!);
      return importOnnx(writeModel(onnxProto.onnx.ModelProto.encode(model).finish()));
    };
    await expect(edit((graph) => graph.input!.splice(0))).rejects.toThrow(/QP2106 The model has no input/);
    const wide = decode(buildOnnx({ ...last({ op: 'Relu' }), input: [4, 3] })).graph!.input![0]!;
    await expect(edit((graph) => graph.input!.push({ ...wide, name: 'z' }))).rejects.toThrow(
      /QP2108 The inputs take different numbers of rows at once: 1 and 4/,
    );
  });

  it('an output that there is not', async () => {
    const path = writeModel(buildOnnx(last({ op: 'Relu' })));
    await expect(importOnnx(path, { outputs: ['z'] })).rejects.toThrow(
      /QP2135 The model has no output "z" .* Its outputs are "y"/,
    );
  });

  it('a file that is missing, a folder, and one that is something else', async () => {
    await expect(importOnnx('/nowhere/model.onnx')).rejects.toMatchObject({ code: 'QP1002' });
    await expect(importOnnx(dirname(writeModel(new Uint8Array())))).rejects.toMatchObject({ code: 'QP1002' });
    await expect(importOnnx(writeModel(new Uint8Array()))).rejects.toMatchObject({ code: 'QP2001' });
    await expect(
      importOnnx(writeModel(Buffer.from('<!doctype html><title>not found</title>'))),
    ).rejects.toMatchObject({ code: 'QP2001' });
  });
});

describe('names that cannot be shown', () => {
  const hostile = 'x\u001b[2J\u202e';

  it.each<[string, ModelSpec]>([
    ['a node', last({ op: 'Relu', name: hostile })],
    ['an unknown operator', last({ op: hostile })],
    ['the output', { ...last({ op: 'Relu', output: hostile }), output: hostile }],
    ['a weight', { ...last({ op: 'Relu' }), weights: { ...matrix, [hostile]: matrix.w } }],
  ])('of %s are refused before they are quoted', async (_, model) => {
    const error = await importOnnx(writeModel(buildOnnx(model))).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'QP2006' });
    expect(error.message).toMatch(/^[\x20-\x7e]+$/);
    expect(error.message).toContain('"x\\u001b[2J\\u202e"');
  });

  it('of the producer are refused', async () => {
    const model = decode(buildOnnx(last({ op: 'Relu' })));
    model.producerName = 'a\u202eb';
    const path = writeModel(onnxProto.onnx.ModelProto.encode(model).finish());
    await expect(importOnnx(path)).rejects.toMatchObject({ code: 'QP2006' });
  });
});

describe('sparse initializers', () => {
  const sparse = (dims: number[], indices: { shape: number[]; data: number[] }, data: number[]) => {
    const model = decode(buildOnnx({ ...last({ op: 'Relu' }), weights: {} }));
    const values = { ...tensorProto('w', { shape: [data.length], data }) };
    model.graph!.sparseInitializer = [
      onnxProto.onnx.SparseTensorProto.create({
        ...{ dims, values, indices: tensorProto('w_indices', { ...indices, int: true }) },
      }),
    ];
    return writeModel(onnxProto.onnx.ModelProto.encode(model).finish());
  };

  it.each([
    ['positions', { shape: [3], data: [1, 3, 8] }],
    ['one index per dimension', { shape: [3, 2], data: [0, 1, 1, 0, 2, 2] }],
  ])('are read from %s', async (_, indices) => {
    const [node] = (await importOnnx(sparse([3, 3], indices, [5, 6, 7]))).nodes;
    // Weights by output: the transposed matrix.
    expect(node!.op === 'linear' && [...node!.blocks[0]!.weights]).toEqual([0, 6, 0, 5, 0, 0, 0, 0, 7]);
  });

  it.each([
    ['out of range', [3, 3], { shape: [1], data: [9] }, [1]],
    ['out of range in one dimension', [3, 3], { shape: [1, 2], data: [0, 3] }, [1]],
    ['negative', [3, 3], { shape: [1], data: [-1] }, [1]],
    ['repeated', [3, 3], { shape: [2], data: [1, 1] }, [1, 2]],
    ['not in order', [3, 3], { shape: [2], data: [2, 1] }, [1, 2]],
    ['too few', [3, 3], { shape: [1], data: [1] }, [1, 2]],
    ['of too many dimensions', [3, 3], { shape: [1, 1, 2], data: [0, 1] }, [1]],
    ['for an impossible shape', [2 ** 20, 2 ** 20], { shape: [1], data: [1] }, [1]],
  ])('are refused if their indices are %s', async (_, dims, indices, data) => {
    await expect(importOnnx(sparse(dims, indices, data))).rejects.toMatchObject({ code: 'QP2001' });
  });
});

describe('external weight files', () => {
  const values = Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9).buffer);
  const external = (entries: Record<string, string>) => {
    const model = decode(buildOnnx(last({ op: 'Relu' })));
    const [tensor] = model.graph!.initializer!;
    Object.assign(tensor!, {
      floatData: [],
      dataLocation: 1,
      externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
    });
    return writeModel(onnxProto.onnx.ModelProto.encode(model).finish());
  };

  it('are read from their offset, also in a folder next to the model', async () => {
    const path = external({ location: 'parts/w.bin', offset: '8', length: '36' });
    mkdirSync(join(dirname(path), 'parts'));
    writeFileSync(join(dirname(path), 'parts', 'w.bin'), Buffer.concat([Buffer.alloc(8), values]));
    const [node] = (await importOnnx(path)).nodes;
    expect(node!.op === 'linear' && [...node!.blocks[0]!.weights]).toEqual([1, 4, 7, 2, 5, 8, 3, 6, 9]);
  });

  it.each(['../w.bin', '/etc/hostname', 'a/../../w.bin', '..\\w.bin', 'C:\\w.bin', ''])(
    '"%s" is refused',
    async (location) => {
      await expect(importOnnx(external({ location }))).rejects.toMatchObject({ code: 'QP2005' });
    },
  );

  it('a link that leaves the folder is refused', async () => {
    const path = external({ location: 'w.bin' });
    const outside = writeModel(values);
    symlinkSync(outside, join(dirname(path), 'w.bin'));
    await expect(importOnnx(path)).rejects.toMatchObject({ code: 'QP2005' });
  });

  it('missing, too short, or of another length', async () => {
    await expect(importOnnx(external({ location: 'w.bin' }))).rejects.toThrow(
      /QP2004 the weight file "w.bin" is missing/,
    );
    for (const [offset, length] of [
      ['4', '36'],
      ['0', '32'],
      ['-4', '36'],
      ['1e30', '36'],
    ]) {
      const path = external({ location: 'w.bin', offset: offset!, length: length! });
      writeFileSync(join(dirname(path), 'w.bin'), values);
      await expect(importOnnx(path)).rejects.toMatchObject({ code: 'QP2004' });
    }
  });
});

function decode(bytes: Uint8Array) {
  return onnxProto.onnx.ModelProto.decode(bytes);
}
