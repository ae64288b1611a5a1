import { basename, dirname, resolve } from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { FloatGraph } from '../../graph/float-graph.ts';
import { GraphBuilder, type NodeInfo } from '../graph-builder.ts';
import { hashModelFiles, modelNameOf, readModelFile } from '../model-file.ts';
import { Attributes } from './attributes.ts';
import { decodeModel, isStandardDomain, type NodeProto, type TensorProto } from './decode-model.ts';
import { loadExternalFiles } from './external-data.ts';
import { declaredInput } from './graph-input.ts';
import { hintFor } from './hints.ts';
import { OperatorContext } from './operator.ts';
import { OPERATORS } from './operators.ts';
import { readTensor } from './read-tensor.ts';
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
  const external = await loadExternalFiles(model.graph, path);
  const name = modelNameOf(path, dirname(resolve(path)));
  const importer = new OnnxImporter(model, new GraphBuilder(name, file), file, (tensor, where) =>
    readTensor(tensor, external, where),
  );
  const sha256 = hashModelFiles([bytes, ...external.values()]);
  const producer = model.producer === '' ? {} : { producer: model.producer };
  return importer.run({ format: 'onnx', file, sha256, ...producer }, options.batched ?? true);
}

/** Walks the nodes in file order, which ONNX requires to be topological, and keeps the value of every name. */
class OnnxImporter {
  readonly #values = new Map<string, Value>();
  readonly #stored = new Map<string, TensorProto>();
  /** Second and later outputs, such as the mask of a Dropout, kept to be refused by name. */
  readonly #extra = new Map<string, string>();

  constructor(
    readonly model: ReturnType<typeof decodeModel>,
    readonly builder: GraphBuilder,
    readonly file: string,
    readonly read: (tensor: TensorProto, where: string) => ConstValue,
  ) {
    for (const tensor of model.graph.initializer as TensorProto[]) this.#stored.set(tensor.name, tensor);
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
    if (value.kind === 'head') return this.builder.finish(source, output, value.logits, value.head);
    return this.builder.finish(source, output, value.view, 'none');
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
    const tensor = this.#stored.get(name);
    if (tensor === undefined) {
      const extra = this.#extra.get(name);
      if (extra !== undefined)
        throw this.builder.error('QP2102', reader, `it reads ${extra}, which cannot be proved`);
      throw this.builder.error('QP2111', reader, `it reads "${name}", which no earlier node produces`);
    }
    const value = this.read(tensor, `tensor "${name}" in ${this.file}`);
    this.#values.set(name, value);
    return value;
  }
}
