import { basename, dirname, resolve } from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { FloatGraph } from '../../graph/float-graph.ts';
import { GraphBuilder } from '../graph-builder.ts';
import { hashModelFiles, modelNameOf, readModelFile } from '../model-file.ts';
import { refuseUnprintable } from '../printable-names.ts';
import { precisionOf } from './data-types.ts';
import { type DecodedModel, decodeModel, type GraphProto, type NodeProto } from './decode-model.ts';
import { loadExternalFiles } from './external-data.ts';
import { declaredInput } from './graph-input.ts';
import { refuseUnprintableNames, refuseUnprintableNodes } from './graph-names.ts';
import { GraphWalker, type WalkerParts } from './graph-walker.ts';
import { inlineFunctions } from './inline-functions.ts';
import { readTensor } from './read-tensor.ts';
import { storedTensors } from './sparse-tensor.ts';

export interface OnnxImportOptions {
  /** The first dimension of the input is the batch (default). If false, the whole input is one row. */
  readonly batched?: boolean;
}

/**
 * Reads an ONNX model and its external weight files into a float graph, without fusing anything.
 *
 * @param path the `.onnx` file
 * @throws QuietproofError QP1002 and QP20xx for files, QP21xx for their contents; never anything else
 */
export async function importOnnx(path: string, options: OnnxImportOptions = {}): Promise<FloatGraph> {
  const file = basename(path);
  const bytes = await readModelFile(path);
  const model = decodeModel(bytes, file);
  refuseUnprintable('producer', [model.producer], file);
  refuseUnprintableNames(model.graph, file);
  for (const { body } of model.functions) refuseUnprintableNodes(body.node as NodeProto[], file);
  inlineFunctions(model, file);
  const external = await loadExternalFiles(storedTensors(model.graph), path);
  const name = modelNameOf(path, dirname(resolve(path)));
  const parts: WalkerParts = {
    builder: new GraphBuilder(name, file),
    opset: model.opset,
    file,
    read: (tensor, where) => readTensor(tensor, external, where),
  };
  const sha256 = hashModelFiles([bytes, ...external.values()]);
  const producer = model.producer === '' ? {} : { producer: model.producer };
  return importGraph(model, parts, { format: 'onnx', file, sha256, ...producer }, options.batched ?? true);
}

function importGraph(
  model: DecodedModel,
  parts: WalkerParts,
  source: FloatGraph['source'],
  batched: boolean,
) {
  const { graph } = model;
  const { builder, file } = parts;
  const input = declaredInput(graph, file, batched);
  const walker = new GraphWalker(parts, graph);
  walker.refuseUnknown();
  const output = onlyOutput(graph, file);
  const view = builder.input(input.name, input.shape, input.rowShape);
  walker.define(input.name, { kind: 'view', view, dataType: input.dataType });
  walker.run();
  const value = walker.lookUp(output, { name: output, op: 'output' });
  if (value.kind === 'const') {
    const what = 'the output does not depend on the input';
    throw new QuietproofError('QP2113', { what, where: `output "${output}" in ${file}` });
  }
  const precision = precisionOf(value.dataType);
  if (value.kind === 'head') return builder.finish(source, output, value.logits, value.head, precision);
  return builder.finish(source, output, value.view, 'none', precision);
}

function onlyOutput({ output }: GraphProto, file: string): string {
  if (output.length === 1) return output[0]!.name ?? '';
  const what = `the model has ${output.length} outputs: ${output.map(({ name }) => `"${name}"`).join(', ')}`;
  const fix = 'Export the model with only the output to prove';
  throw new QuietproofError('QP2106', { what, where: file, fix });
}
