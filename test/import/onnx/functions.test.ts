import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { writeModel } from './build-onnx.ts';
import { largestError, noise, runModel, runReference } from './compare.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/onnx-functions/${name}.onnx`, import.meta.url));

describe('functions that a file defines', () => {
  it.each(['nested', 'attributes', 'attribute-of-nobody', 'names', 'branch'])(
    '%s: inlined, they give what ONNX Runtime does',
    async (name) => {
      const graph = await importOnnx(fixture(name));
      for (const seed of [1, 2, 3]) {
        const row = noise(graph.input.count, seed);
        const expected = await runReference(fixture(name), row);
        expect(largestError(runModel(graph, row), expected)).toBeLessThan(1e-6);
      }
    },
  );

  it('name their nodes after the call', async () => {
    const { nodes } = await importOnnx(fixture('nested'));
    expect(nodes.map(({ name }) => name)).toEqual(['Block/Dense/MatMul', 'Block/Relu', 'Dense/MatMul']);
  });

  it('that call each other in a circle are refused', async () => {
    await expect(importOnnx(fixture('circle'))).rejects.toThrow(
      /^QP2125 its functions call each other in a circle/,
    );
  });

  const edited = (edit: (model: InstanceType<typeof onnxProto.onnx.ModelProto>) => void) => {
    const model = onnxProto.onnx.ModelProto.decode(readFileSync(fixture('nested')));
    edit(model);
    return importOnnx(writeModel(onnxProto.onnx.ModelProto.encode(model).finish()));
  };

  it('of another operator set are refused, as is a call with too many operands', async () => {
    const other = edited(({ functions }) => {
      functions[0]!.opsetImport = [{ domain: '', version: 13 }];
    });
    await expect(other).rejects.toThrow(
      /^QP2125 its function is written in operator set 13, not 17 .*"Block\/Dense"/,
    );
    const many = edited(({ graph }) => graph!.node![0]!.input!.push('w'));
    await expect(many).rejects.toThrow(/^QP2125 it has more inputs or outputs than its function .*"Block"/);
  });

  it('whose names cannot be shown are refused', async () => {
    const hostile = edited(({ functions }) => {
      functions[0]!.node![0]!.name = 'x\u001b[2J';
    });
    await expect(hostile).rejects.toMatchObject({ code: 'QP2006' });
  });
});
