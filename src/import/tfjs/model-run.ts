import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { LayerContext, type LayerResult } from './layer.ts';
import { LayerConfig } from './layer-config.ts';
import { LAYERS } from './layers.ts';
import type { Call, LayerSpec, Topology } from './topology.ts';
import { unknownLayers } from './unknown-layers.ts';
import type { WeightTable } from './weight-table.ts';

/** Layer calls of a file at most: models in models may multiply them. */
const MOST_CALLS = 2 ** 16;

/** What all models of a file share. */
export interface ModelFile {
  readonly builder: GraphBuilder;
  readonly weights: WeightTable;
  /** Base name of the file, for errors. */
  readonly name: string;
  /** Layer calls so far. */
  calls: number;
}

/** One use of a model: walks back from its outputs and imports each layer call after the calls that it reads. */
export class ModelRun {
  readonly #results = new Map<string, readonly LayerResult[]>();
  readonly #file: ModelFile;
  readonly #topology: Topology;
  /** What the names of its layers begin with. */
  readonly #path: string;

  /** @param inputs in the order of the topology */
  constructor(file: ModelFile, topology: Topology, inputs: readonly LayerResult[], path = '') {
    this.#file = file;
    this.#topology = topology;
    this.#path = path;
    for (const [k, layer] of topology.inputs.entries()) {
      this.#results.set(keyOf({ layer, call: 0 }), [inputs[k]!]);
    }
  }

  result(output: Call): LayerResult {
    for (const call of this.#order(output)) this.#import(call);
    return this.#tensor(output);
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
        if (opened.has(key)) throw this.#broken(`layer "${call.layer}" reads its own result`);
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
    const inputs = this.#topology.layers.get(layer)?.calls[call];
    if (inputs !== undefined && inputs.length > 0) return inputs;
    throw this.#broken(`call ${call} of layer "${layer}" is missing`);
  }

  #import(call: Call): void {
    const layer = this.#topology.layers.get(call.layer)!;
    const inputs = this.#inputsOf(call).map((input) => this.#tensor(input));
    this.#results.set(keyOf(call), this.#apply(layer, inputs, this.#path, layer.name));
  }

  /**
   * @param path what the layer's name begins with
   * @param owner the layer that its weights are named after
   */
  #apply(
    layer: LayerSpec,
    inputs: readonly LayerResult[],
    path: string,
    owner: string,
  ): readonly LayerResult[] {
    this.#count();
    const { className, config: entries, model, wrapped } = layer;
    const { builder, weights } = this.#file;
    const name = `${path}${layer.name}`;
    if (model !== undefined) return this.#applyModel(model, inputs, name);
    const importLayer = LAYERS[className];
    // Only here where other outputs than all are proved.
    if (importLayer === undefined) throw unknownLayers(builder, [layer]);
    const node = { name, op: className };
    const config = new LayerConfig(builder, node, entries);
    const findWeight = (variable: string) => weights.find(owner, variable);
    const inner = wrapped && {
      className: wrapped.className,
      apply: (x: LayerResult) => this.#apply(wrapped, [x], `${name}/`, owner)[0]!,
    };
    const result = importLayer(new LayerContext({ builder, node, config, inputs, findWeight, inner }));
    config.finish();
    return [result];
  }

  #applyModel(model: Topology, inputs: readonly LayerResult[], name: string): LayerResult[] {
    if (inputs.length !== model.inputs.length) {
      throw this.#broken(`model "${name}" takes ${model.inputs.length} inputs, but has ${inputs.length}`);
    }
    const run = new ModelRun(this.#file, model, inputs, `${name}/`);
    return model.outputs.map((output) => run.result(output));
  }

  #tensor(call: Call): LayerResult {
    const result = this.#results.get(keyOf(call))![call.tensor];
    if (result !== undefined) return result;
    throw this.#broken(`output ${call.tensor} of layer "${call.layer}" is read, which it does not have`);
  }

  #count(): void {
    this.#file.calls += 1;
    if (this.#file.calls <= MOST_CALLS) return;
    const what = `the layers of its models are called more than ${MOST_CALLS} times`;
    throw new QuietproofError('QP2112', { what, where: this.#file.name });
  }

  #broken(what: string): QuietproofError {
    const fix = 'Save or convert the model again';
    return new QuietproofError('QP2111', { what, where: this.#file.name, fix });
  }
}

const keyOf = ({ layer, call }: Pick<Call, 'layer' | 'call'>): string => `${call} ${layer}`;
