import type { InputValues } from '../../graph/float-graph.ts';
import { commonBatch } from '../common-batch.ts';
import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';
import { isSize, type JsonObject } from './json-value.ts';
import type { LayerResult } from './layer.ts';
import { LayerConfig } from './layer-config.ts';
import { kerasThree, type LayerSpec } from './topology.ts';

/**
 * Imports the model's inputs. `batch_input_shape` is [batch, …], where the batch is null for any number of rows. A fixed
 * batch of several rows is one row of data.
 */
export function importInputs(
  builder: GraphBuilder,
  layers: readonly LayerSpec[],
  file: string,
): LayerResult[] {
  const inputs = layers.map(({ name, className, config }) => {
    const node = { name, op: className };
    const values = valuesOf(builder, node, config);
    if (config.batch_shape !== undefined) throw kerasThree(file);
    return { node, values, ...shapeOf(builder, node, config.batch_input_shape) };
  });
  builder.batch = commonBatch(
    inputs.map(({ batch }) => batch),
    file,
  );
  return inputs.map(({ node, values, batch, row }) => {
    const shape = [batch, ...row];
    return { view: builder.input(node.name, shape, batch > 1 ? shape : row, values) };
  });
}

function shapeOf(builder: GraphBuilder, node: NodeInfo, shape: unknown): { batch: number; row: number[] } {
  if (!Array.isArray(shape) || shape.length < 1) {
    const what = 'the input has no batch_input_shape';
    throw builder.error('QP2111', node, what, 'Save or convert the model again');
  }
  const [batch, ...row] = (shape as unknown[]).map((dim, axis) => (axis === 0 ? (dim ?? 1) : dim));
  if (isSize(batch) && batch > 0 && row.every((dim) => isSize(dim) && dim > 0)) {
    return { batch, row: row as number[] };
  }
  const what = `only the batch dimension of the input may be dynamic, and it is ${JSON.stringify(shape)}`;
  throw builder.error('QP2107', node, what, 'Save it with a fixed size');
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
