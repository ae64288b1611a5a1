import { basename, dirname, resolve } from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { FloatGraph } from '../../graph/float-graph.ts';
import { GraphBuilder, type NodeInfo } from '../graph-builder.ts';
import { hashModelFiles, modelNameOf, readModelFile } from '../model-file.ts';
import { refuseUnprintable } from '../printable-names.ts';
import { Attributes } from './attributes.ts';
import { precisionOf } from './data-types.ts';
import {
  type DecodedModel,
  decodeModel,
  isStandardDomain,
  type NodeProto,
  type TensorProto,
} from './decode-model.ts';
import { loadExternalFiles } from './external-data.ts';
import { declaredInput } from './graph-input.ts';
import { hintFor } from './hints.ts';
import { checkOutputs } from './node-outputs.ts';
import { checkOperandTypes } from './operand-types.ts';
import { OperatorContext } from './operator.ts';
import { OPERATORS } from './operators.ts';
import { MAX_ELEMENTS, readTensor } from './read-tensor.ts';
import { densify, type SparseTensorProto, sparseInitializers, storedTensors } from './sparse-tensor.ts';
import type { ConstValue, Value } from './value.ts';

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
  refuseUnprintableNames(model, file);
  const external = await loadExternalFiles(storedTensors(model.graph), path);
  const name = modelNameOf(path, dirname(resolve(path)));
  const importer = new OnnxImporter(model, new GraphBuilder(name, file), file, (tensor, where) =>
    readTensor(tensor, external, where),
  );
  const sha256 = hashModelFiles([bytes, ...external.values()]);
  const producer = model.producer === '' ? {} : { producer: model.producer };
  return importer.run({ format: 'onnx', file, sha256, ...producer }, options.batched ?? true);
}

/** Names that messages, records and interfaces quote. */
function refuseUnprintableNames({ graph, producer }: DecodedModel, file: string): void {
  const { node, input, output } = graph;
  refuseUnprintable('producer', [producer], file);
  refuseUnprintable(
    'tensor',
    [...storedTensors(graph), ...input, ...output].map(({ name }) => name),
    file,
  );
  refuseUnprintable(
    'node',
    node.map(({ name }) => name),
    file,
  );
  refuseUnprintable(
    'operator',
    node.flatMap(({ opType, domain }) => [opType, domain]),
    file,
  );
  refuseUnprintable(
    'value',
    node.flatMap((one) => [...(one.input ?? []), ...(one.output ?? [])]),
    file,
  );
}

/** Walks the nodes in file order, which ONNX requires to be topological, and keeps the value of every name. */
class OnnxImporter {
  readonly #values = new Map<string, Value>();
  readonly #stored = new Map<string, TensorProto>();
  readonly #sparse: ReadonlyMap<string, SparseTensorProto>;
  /** Second and later outputs, such as the mask of a Dropout, kept to be refused by name where they are read. */
  readonly #extra = new Map<string, string>();

  constructor(
    readonly model: ReturnType<typeof decodeModel>,
    readonly builder: GraphBuilder,
    readonly file: string,
    readonly read: (tensor: TensorProto, where: string) => ConstValue,
  ) {
    for (const tensor of model.graph.initializer as TensorProto[]) this.#stored.set(tensor.name, tensor);
    this.#sparse = sparseInitializers(model.graph);
  }

  run(source: FloatGraph['source'], batched: boolean): FloatGraph {
    const { graph } = this.model;
    const input = declaredInput(graph, this.file, batched);
    const nodes = this.#liveNodes();
    this.#refuseUnknown(nodes);
    const output = this.#onlyOutput();
    const view = this.builder.input(input.name, input.shape, input.rowShape);
    this.#values.set(input.name, { kind: 'view', view, dataType: input.dataType });
    for (const [proto, node] of nodes) this.#import(proto, node);
    const value = this.#lookUp(output, { name: output, op: 'output' });
    if (value.kind === 'const') {
      const what = 'the output does not depend on the input';
      throw new QuietproofError('QP2113', { what, where: `output "${output}" in ${this.file}` });
    }
    const precision = precisionOf(value.dataType);
    if (value.kind === 'head')
      return this.builder.finish(source, output, value.logits, value.head, precision);
    return this.builder.finish(source, output, value.view, 'none', precision);
  }

  /** The nodes that the output depends on, with their names, in file order. */
  #liveNodes(): [NodeProto, NodeInfo][] {
    const { graph } = this.model;
    const wanted = new Set<string>(graph.output.map((output) => output.name ?? ''));
    const live: [NodeProto, NodeInfo][] = [];
    for (let index = graph.node.length - 1; index >= 0; index -= 1) {
      const proto = graph.node[index] as NodeProto;
      if (!proto.output.some((name) => name !== '' && wanted.has(name))) continue;
      for (const name of proto.input) wanted.add(name);
      live.push([proto, { name: proto.name || `${proto.opType}_${index}`, op: proto.opType }]);
    }
    return live.reverse();
  }

  /** Reports all unsupported operators at once, not only the first. */
  #refuseUnknown(nodes: readonly [NodeProto, NodeInfo][]): void {
    const unknown = nodes.filter(([{ domain, opType }]) => !isStandardDomain(domain) || !OPERATORS[opType]);
    const [first] = unknown;
    if (first === undefined) return;
    const [proto, node] = first;
    const others = [...new Set(unknown.map(([{ opType }]) => opType))].filter((op) => op !== proto.opType);
    const domain = isStandardDomain(proto.domain) ? '' : ` of ${proto.domain}`;
    const more = others.length === 0 ? '' : `, nor can ${others.join(', ')}`;
    throw this.builder.error(
      'QP2101',
      node,
      `${proto.opType}${domain} cannot be proved${more}`,
      hintFor(proto.opType),
    );
  }

  #onlyOutput(): string {
    const outputs = this.model.graph.output;
    if (outputs.length === 1) return outputs[0]!.name ?? '';
    const what = `the model has ${outputs.length} outputs: ${outputs.map(({ name }) => `"${name}"`).join(', ')}`;
    const fix = 'Export the model with only the output to prove';
    throw new QuietproofError('QP2106', { what, where: this.file, fix });
  }

  #import(proto: NodeProto, node: NodeInfo): void {
    checkOutputs(this.builder, node, proto.output);
    const attributes = new Attributes(this.builder, node, proto);
    const inputs = proto.input.map((name) => (name === '' ? undefined : this.#lookUp(name, node)));
    const readTensor = (tensor: TensorProto) => this.read(tensor, `node "${node.name}" in ${this.file}`);
    const { builder } = this;
    const context = new OperatorContext({
      builder,
      node,
      opset: this.model.opset,
      attributes,
      inputs,
      readTensor,
    });
    checkOperandTypes(context);
    const value = OPERATORS[proto.opType]!(context);
    attributes.finish();
    const [first = '', ...extra] = proto.output;
    this.#values.set(first, value);
    for (const [index, name] of extra.entries())
      this.#extra.set(name, `output ${index + 2} of ${proto.opType}`);
  }

  #lookUp(name: string, reader: NodeInfo): Value {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const value = this.#readStored(name);
    if (value === undefined) {
      const extra = this.#extra.get(name);
      if (extra !== undefined)
        throw this.builder.error('QP2102', reader, `it reads ${extra}, which cannot be proved`);
      throw this.builder.error('QP2111', reader, `it reads "${name}", which no earlier node produces`);
    }
    this.#values.set(name, value);
    return value;
  }

  #readStored(name: string): ConstValue | undefined {
    const where = `tensor "${name}" in ${this.file}`;
    const tensor = this.#stored.get(name);
    if (tensor !== undefined) return this.read(tensor, where);
    const sparse = this.#sparse.get(name);
    return sparse && densify(sparse, (part) => this.read(part, where), MAX_ELEMENTS, where);
  }
}
