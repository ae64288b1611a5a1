import { basename, dirname, resolve } from 'node:path';
import type { FloatGraph } from '../../graph/float-graph.ts';
import { chosenOutputs } from '../chosen-outputs.ts';
import { type FinalTensor, rowsOf } from '../final-tensor.ts';
import { GraphBuilder } from '../graph-builder.ts';
import { declaredLabel, labelOfClassifier } from '../ml/classifier-outputs.ts';
import { hashModelFiles, modelNameOf, readModelFile } from '../model-file.ts';
import { refuseUnprintable } from '../printable-names.ts';
import { precisionOf, STRING } from './data-types.ts';
import { type DecodedModel, decodeModel, LEARNED_DOMAIN, type NodeProto } from './decode-model.ts';
import { loadExternalFiles } from './external-data.ts';
import { fuseFunctions } from './fuse-functions.ts';
import { declaredInputs, valuesOfType } from './graph-input.ts';
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
  /** The outputs to prove, by name; default: all. */
  readonly outputs?: readonly string[] | undefined;
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
    learnedOpset: model.learnedOpset,
    file,
    read: (tensor, where) =>
      tensor.dataType === STRING
        ? readStrings(tensor, builder.texts, where)
        : readTensor(tensor, external, where),
  };
  const sha256 = hashModelFiles([bytes, ...external.values()]);
  const producer = model.producer === '' ? {} : { producer: model.producer };
  return importGraph(model, parts, { format: 'onnx', file, sha256, ...producer }, options);
}

function importGraph(
  model: DecodedModel,
  parts: WalkerParts,
  source: FloatGraph['source'],
  { batched = true, outputs }: OnnxImportOptions,
): FloatGraph {
  const { graph } = model;
  const { builder, file } = parts;
  const inputs = declaredInputs(graph, file, batched);
  const all = graph.output.map(({ name }) => name ?? '');
  // The label of a classifier says all that its scores do, unless those are asked for.
  const label = outputs === undefined ? declaredLabel(graph) : undefined;
  const names = label === undefined ? chosenOutputs(all, outputs, file) : [label];
  fuseFunctions(graph, names, (tensor) => {
    const value = parts.read(tensor, `a constant in ${file}`);
    return value.kind === 'const' ? value.tensor.data : [];
  });
  const walker = new GraphWalker(parts, graph, undefined, names);
  walker.refuseUnknown();
  const domains = walker.domains();
  checkOperatorSets(model, domains, file);
  builder.exact.isNeeded = domains.has(LEARNED_DOMAIN);
  builder.batch = inputs[0]!.batch;
  for (const { name, shape, rowShape, dataType } of inputs) {
    const view = builder.input(name, shape, rowShape, valuesOfType(dataType));
    if (dataType === STRING) builder.textInputs.declare(view.ids);
    walker.define(name, { kind: 'view', view, dataType });
  }
  walker.run();
  const values = names.map((name): [string, Value] => [name, walker.lookUp(name, { name, op: 'output' })]);
  const found = outputs === undefined && values.length > 1 ? labelOfClassifier(values) : undefined;
  const finals = (found === undefined ? values : [found]).flatMap(([name, value]) =>
    finalTensors(builder, name, value),
  );
  const isLabel = label !== undefined || found !== undefined;
  return builder.finish(source, finals, !isLabel && (all.length > 1 || finals.length > 1));
}

/** The values of an output before its final function, as one output or one for each row of a batch. */
function finalTensors(builder: GraphBuilder, name: string, value: Value): FinalTensor[] {
  const precision = precisionOf(value.dataType);
  if (value.kind === 'head') {
    const { logits, head, shape, labels } = value;
    const classes = labels?.map(String) ?? builder.scoreNames.get(logits.ids[0]!);
    return rowsOf({ name, view: logits, head, precision, classes }, shape, builder.batch);
  }
  if (value.dataType === STRING)
    throw builder.error('QP2155', { name, op: 'output' }, 'the output has texts of the input');
  const view = value.kind === 'const' ? builder.constant({ name, op: 'Constant' }, value.tensor) : value.view;
  const classes = builder.scoreNames.get(view.ids[0]!);
  return rowsOf({ name, view, head: 'none', precision, classes }, view.shape, builder.batch);
}
