import { dirname, resolve } from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { FloatGraph } from '../../graph/float-graph.ts';
import { chosenOutputs } from '../chosen-outputs.ts';
import { GraphBuilder } from '../graph-builder.ts';
import { hashModelFiles, modelNameOf } from '../model-file.ts';
import type { ConstTensor } from '../tensor.ts';
import { importGraphModel } from './graph-model/import-graph-model.ts';
import { importInput } from './input-layer.ts';
import { LayerContext, type LayerResult } from './layer.ts';
import { LayerConfig } from './layer-config.ts';
import { hintFor, LAYERS } from './layers.ts';
import { readTfjsFiles, type TfjsFiles } from './model-files.ts';
import { readWeights } from './read-weights.ts';
import { type Call, type LayerSpec, readTopology, type Topology } from './topology.ts';

/**
 * Reads a TensorFlow.js model (`model.json` and its weight shards), of layers or of a graph, into a float graph, without fusing anything.
 * Input rows have Keras' layout, usually channels last.
 *
 * @param path the `.json` file
 * @param outputs the outputs to prove, by name of their layer; all by default
 * @throws QuietproofError QP1002 and QP20xx for files, QP21xx and QP22xx for their contents
 */
export async function importTfjs(path: string, outputs?: readonly string[]): Promise<FloatGraph> {
  const files = await readTfjsFiles(path);
  const builder = new GraphBuilder(modelNameOf(path, dirname(resolve(path))), files.file);
  const producer = files.producer === '' ? {} : { producer: files.producer };
  const source = {
    format: 'tfjs',
    file: files.file,
    sha256: hashModelFiles(files.all),
    ...producer,
  } as const;
  if (files.kind === 'graph') return importGraphModel(files, builder, source, outputs);
  const importer = new TfjsImporter(files, readTopology(files.topology, files.file), builder);
  return importer.run(source, outputs);
}

/** Walks back from the output and imports each layer call after the calls it reads. */
class TfjsImporter {
  readonly #weights: Map<string, ConstTensor>;
  readonly #used = new Set<string>();
  readonly #results = new Map<string, LayerResult>();

  constructor(
    readonly files: TfjsFiles,
    readonly topology: Topology,
    readonly builder: GraphBuilder,
  ) {
    this.#weights = readWeights(files);
  }

  run(source: FloatGraph['source'], wanted: readonly string[] | undefined): FloatGraph {
    const { inputs, outputs, layers } = this.topology;
    const names = chosenOutputs(
      outputs.map(({ name }) => name),
      wanted,
      this.files.file,
    );
    const chosen = outputs.filter(({ name }) => names.includes(name));
    if (names.length === outputs.length) this.#refuseUnknown();
    for (const name of inputs) {
      const input = layers.get(name);
      if (input?.className !== 'InputLayer') throw this.#broken('QP2111', `"${name}" is no input layer`);
      this.#importInput(input);
    }
    for (const output of chosen) for (const call of this.#order(output)) this.#import(call);
    const unused = [...this.#weights.keys()].find((name) => !this.#used.has(name));
    if (unused !== undefined && names.length === outputs.length) {
      throw this.#broken('QP2206', `no layer uses the weight "${unused}"`);
    }
    return this.builder.finish(
      source,
      chosen.map((output) => {
        const { view, head } = this.#results.get(keyOf(output))!;
        return { name: output.name, view, head: head?.kind ?? 'none' };
      }),
      outputs.length > 1,
    );
  }

  /** Reports all unsupported layers at once, not only the first. */
  #refuseUnknown(): void {
    const known = (layer: LayerSpec) =>
      layer.className === 'InputLayer' || LAYERS[layer.className] !== undefined;
    const unknown = [...this.topology.layers.values()].filter((layer) => !known(layer));
    if (unknown.length > 0) throw this.#unknown(unknown);
  }

  #unknown(layers: readonly LayerSpec[]): QuietproofError {
    const first = layers[0]!;
    const others = new Set(layers.map((layer) => layer.className));
    others.delete(first.className);
    const more = others.size === 0 ? '' : `, nor can ${[...others].join(', ')}`;
    const node = { name: first.name, op: first.className };
    const what = `${first.className} cannot be proved${more}`;
    return this.builder.error('QP2203', node, what, hintFor(first.className));
  }

  #importInput({ name, className, config }: LayerSpec): void {
    const view = importInput(this.builder, { name, op: className }, config, this.files.file);
    this.#results.set(keyOf({ layer: name, call: 0 }), { view });
  }

  /** The calls that the output depends on, in topological order. Iterative, since a file may be arbitrarily deep. */
  #order(output: Call): Call[] {
    const order: Call[] = [];
    const done = new Set(this.#results.keys());
    const opened = new Set<string>();
    const stack = [output];
    for (let call = stack.at(-1); call !== undefined; call = stack.at(-1)) {
      const key = keyOf(call);
      const missing = done.has(key) ? [] : this.#inputsOf(call).filter((input) => !done.has(keyOf(input)));
      if (missing.length > 0) {
        if (opened.has(key)) throw this.#broken('QP2111', `layer "${call.layer}" reads its own result`);
        opened.add(key);
        stack.push(...missing);
        continue;
      }
      stack.pop();
      if (!done.has(key)) order.push(call);
      done.add(key);
    }
    return order;
  }

  #inputsOf({ layer, call }: Call): readonly Call[] {
    const inputs = this.topology.layers.get(layer)?.calls[call];
    if (inputs !== undefined && inputs.length > 0) return inputs;
    throw this.#broken('QP2111', `call ${call} of layer "${layer}" is missing`);
  }

  #import(call: Call): void {
    const { name, className, config: entries } = this.topology.layers.get(call.layer)!;
    const { builder } = this;
    const importLayer = LAYERS[className];
    // Only here where other outputs than all are proved.
    if (importLayer === undefined) throw this.#unknown([this.topology.layers.get(call.layer)!]);
    const node = { name, op: className };
    const config = new LayerConfig(builder, node, entries);
    const inputs = this.#inputsOf(call).map((input) => this.#results.get(keyOf(input))!);
    const findWeight = (variable: string) => this.#findWeight(name, variable);
    const result = importLayer(new LayerContext({ builder, node, config, inputs, findWeight }));
    config.finish();
    this.#results.set(keyOf(call), result);
  }

  /** Weights are named `layer/variable`, or `layer/cell/variable` by some TensorFlow versions. */
  #findWeight(layer: string, variable: string): ConstTensor | undefined {
    const exact = `${layer}/${variable}`;
    const names = [...this.#weights.keys()];
    const name = this.#weights.has(exact)
      ? exact
      : names.find((candidate) => withoutCell(candidate) === exact);
    if (name === undefined) return undefined;
    this.#used.add(name);
    return this.#weights.get(name);
  }

  #broken(code: 'QP2111' | 'QP2206', what: string): QuietproofError {
    return new QuietproofError(code, {
      what,
      where: this.files.file,
      fix: 'Save or convert the model again',
    });
  }
}

function withoutCell(name: string): string {
  const parts = name.split('/');
  return [...parts.slice(0, -2), ...parts.slice(-1)].join('/');
}

const keyOf = ({ layer, call }: Call): string => `${call} ${layer}`;
