import { basename, dirname, resolve } from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { FloatGraph } from '../../graph/float-graph.ts';
import { GraphBuilder } from '../graph-builder.ts';
import { declaredLabel, labelOfClassifier } from '../ml/classifier-outputs.ts';
import { hashModelFiles, modelNameOf, readModelFile } from '../model-file.ts';
import { refuseUnprintable } from '../printable-names.ts';
import { precisionOf, STRING } from './data-types.ts';
import {
  type DecodedModel,
  decodeModel,
  type GraphProto,
  LEARNED_DOMAIN,
  type NodeProto,
} from './decode-model.ts';
import { loadExternalFiles } from './external-data.ts';
import { declaredInput } from './graph-input.ts';
import { refuseUnprintableNames, refuseUnprintableNodes } from './graph-names.ts';
import { GraphWalker, type WalkerParts } from './graph-walker.ts';
import { inlineFunctions } from './inline-functions.ts';
import { checkOperatorSets } from './operator-sets.ts';
import { readStrings, readTensor } from './read-tensor.ts';
import { storedTensors } from './sparse-tensor.ts';
import type { Value } from './value.ts';

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
  const builder = new GraphBuilder(name, file);
  const parts: WalkerParts = {
    builder,
    opset: model.opset,
    file,
    read: (tensor, where) =>
      tensor.dataType === STRING
        ? readStrings(tensor, builder.texts, where)
        : readTensor(tensor, external, where),
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
  const label = declaredLabel(graph);
  const walker = new GraphWalker(parts, graph, undefined, label === undefined ? undefined : [label]);
  walker.refuseUnknown();
  const domains = walker.domains();
  checkOperatorSets(model, domains, file);
  builder.exact.isNeeded = domains.has(LEARNED_DOMAIN);
  const input = declaredInput(graph, file, batched);
  const view = builder.input(input.name, input.shape, input.rowShape);
  walker.define(input.name, { kind: 'view', view, dataType: input.dataType });
  walker.run();
  const [output, value] = decidingOutput(walker, graph, label, file);
  if (value.kind === 'const') {
    const what = 'the output does not depend on the input';
    throw new QuietproofError('QP2113', { what, where: `output "${output}" in ${file}` });
  }
  const precision = precisionOf(value.dataType);
  if (value.kind === 'head') {
    const classes = value.labels?.map(String);
    return builder.finish(source, output, value.logits, value.head, precision, classes);
  }
  return builder.finish(source, output, value.view, 'none', precision);
}

/** The only output, or the label of a classifier that gives its scores too. */
function decidingOutput(
  walker: GraphWalker,
  { output }: GraphProto,
  label: string | undefined,
  file: string,
): readonly [name: string, value: Value] {
  if (label !== undefined) return [label, walker.lookUp(label, { name: label, op: 'output' })];
  const values = output.map(({ name }): [string, Value] => {
    return [name ?? '', walker.lookUp(name ?? '', { name: name ?? '', op: 'output' })];
  });
  const decided = values.length === 1 ? values[0] : labelOfClassifier(values);
  if (decided !== undefined) return decided;
  const what = `the model has ${output.length} outputs: ${output.map(({ name }) => `"${name}"`).join(', ')}`;
  const fix = 'Export the model with only the output to prove';
  throw new QuietproofError('QP2106', { what, where: file, fix });
}
