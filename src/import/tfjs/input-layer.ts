import type { InputValues } from '../../graph/float-graph.ts';
import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
import type { TensorView } from '../tensor.ts';
import { isSize, type JsonObject } from './json-value.ts';
import { LayerConfig } from './layer-config.ts';
import { kerasThree } from './topology.ts';

/** Imports the model's input. `batch_input_shape` is [batch, …], where the batch is null or 1. */
export function importInput(
  builder: GraphBuilder,
  node: NodeInfo,
  config: JsonObject,
  file: string,
): TensorView {
  const values = valuesOf(builder, node, config);
  if (config.batch_shape !== undefined) throw kerasThree(file);
  const shape = config.batch_input_shape;
  if (!Array.isArray(shape) || shape.length < 1) {
    throw builder.error(
      'QP2111',
      node,
      'the input has no batch_input_shape',
      'Save or convert the model again',
    );
  }
  const [batch, ...dims] = shape as unknown[];
  if (batch !== null && batch !== 1) {
    throw builder.error(
      'QP2108',
      node,
      `the model is fixed to a batch of ${String(batch)}`,
      'Save it without one',
    );
  }
  if (!dims.every((dim) => isSize(dim) && dim > 0)) {
    const what = `only the batch dimension of the input may be dynamic, and it is ${JSON.stringify(shape)}`;
    throw builder.error('QP2107', node, what, 'Save it with a fixed size');
  }
  const row = dims as number[];
  return builder.input(node.name, [1, ...row], row, values);
}

/** What an input may be by its type. TensorFlow.js takes the numbers of any type, and layers cast them to floats. */
function valuesOf(builder: GraphBuilder, node: NodeInfo, config: JsonObject): InputValues {
  const range = INTEGERS[String(config.dtype)];
  if (range !== undefined) return { kind: 'integer', min: range[0], max: range[1] };
  new LayerConfig(builder, node, config);
  return { kind: 'real' };
}

const INTEGERS: Readonly<Record<string, readonly [min: number, max: number]>> = {
  __proto__: null as never,
  int32: [-(2 ** 31), 2 ** 31 - 1],
  bool: [0, 1],
};
