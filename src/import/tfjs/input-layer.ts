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
  new LayerConfig(builder, node, config);
  if (config.batch_shape !== undefined) throw kerasThree(file);
  const shape = config.batch_input_shape;
  if (!Array.isArray(shape) || shape.length < 2) {
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
  return builder.input(node.name, [1, ...(dims as number[])]);
}
