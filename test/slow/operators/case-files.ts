import { readFileSync } from 'node:fs';
import onnxProto from 'onnx-proto';
import { CASES, modelOf, operatorOf, tensorIn } from '../../import/onnx/backend-cases.ts';
import { noise } from '../../import/onnx/compare.ts';

const { onnx } = onnxProto;

/** Of each operator with node tests, the case with the fewest numbers. */
export function smallestCases(): Map<string, string> {
  const found = new Map<string, { readonly name: string; readonly size: number }>();
  for (const name of CASES) {
    const operator = operatorOf(name);
    const size = tensorIn(name, 'input.pb').data.length + tensorIn(name, 'output.pb').data.length;
    if (size < (found.get(operator)?.size ?? Infinity)) found.set(operator, { name, size });
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([op, { name }]) => [op, name]));
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

/** The case's own input, then others near it, of which each value is up to an eighth larger or smaller. */
export function rowsNear(name: string, count: number): Float64Array[] {
  const own = Float64Array.from(tensorIn(name, 'input.pb').data);
  const isTruth = onnx.ModelProto.decode(readFileSync(modelOf(name))).graph!.node![0]!.opType === 'Cast';
  return Array.from({ length: count }, (_, k) => {
    if (k === 0) return own;
    const changes = noise(own.length, k);
    // Truth values are floats that a Cast reads: any but 0 are true.
    if (isTruth && operatorOf(name) !== 'Cast') return changes.map((change) => Number(change > 0));
    return own.map((value, i) => Math.fround(value * (1 + changes[i]! / 16)));
  });
}
