import { readFileSync } from 'node:fs';
import onnxProto from 'onnx-proto';
import { importOnnx } from '../../../src/import/onnx/import-onnx.ts';
import { CASES, modelOf, operatorOf, tensorIn } from '../../import/onnx/backend-cases.ts';
import { isStepped, keepsAway } from './case-rows.ts';

const { onnx } = onnxProto;

/** Cases that say nothing of an operator here, and why. */
const UNUSABLE: Readonly<Record<string, string>> = {
  test_reciprocal_example: 'its pole lies between its two values, which share a table',
  test_maxpool_2d_ceil_output_size_reduce_by_one: 'ONNX Runtime cannot run it',
  test_reduce_log_sum_default: 'its sum of 60 values hardly varies between rows',
  test_where_example: 'its input is a condition of four values: too few rows to judge anything by',
};

/** The logarithm of these reads 1, but for the rare row whose two largest values are almost equal. */
const NEARLY_ONE = /^test_reduce_log_sum_exp_\w+_example$/;

/** Of each operator the case with the fewest numbers, of those that keep their distance from jumps. */
export async function smallestCases(): Promise<Map<string, string>> {
  const sizes = CASES.filter((name) => !(name in UNUSABLE) && !NEARLY_ONE.test(name)).map((name) => ({
    ...{ name, operator: operatorOf(name) },
    size: tensorIn(name, 'input.pb').data.length + tensorIn(name, 'output.pb').data.length,
  }));
  const found = new Map<string, string>();
  for (const { name, operator } of sizes.toSorted((a, b) => a.size - b.size)) {
    if (found.has(operator)) continue;
    if (!isStepped(operator) || (await isAwayFromJumps(name))) found.set(operator, name);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function isAwayFromJumps(name: string): Promise<boolean> {
  const graph = await importOnnx(modelOf(name), { batched: false });
  return keepsAway(graph, Float64Array.from(tensorIn(name, 'input.pb').data));
}

const HEADS = ['Sigmoid', 'Softmax', 'LogSoftmax'];

/** The case's file; a final function that a proof would leave out is read by a sum, so that it is proved. */
export function provableModel(name: string): Uint8Array {
  const model = onnx.ModelProto.decode(readFileSync(modelOf(name)));
  const { node, output, initializer } = model.graph!;
  if (!HEADS.includes(node!.at(-1)!.opType!)) return onnx.ModelProto.encode(model).finish();
  initializer!.push(onnx.TensorProto.create({ name: 'nothing', dataType: 1, dims: [1], floatData: [0] }));
  const head = output![0]!.name!;
  node!.push(onnx.NodeProto.create({ opType: 'Add', input: [head, 'nothing'], output: ['read'] }));
  output![0]!.name = 'read';
  return onnx.ModelProto.encode(model).finish();
}
