import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import onnxProto from 'onnx-proto';
import type { TensorProto } from '../../../src/import/onnx/decode-model.ts';
import { readTensor } from '../../../src/import/onnx/read-tensor.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/onnx-backend', import.meta.url));
const OWN_FOLDER = fileURLToPath(new URL('../../fixtures/onnx-own', import.meta.url));
const NAMES = readdirSync(FOLDER);

/** ONNX's node tests with one operand as the input, and our own of operators of which ONNX has none. */
export const CASES = [
  ...NAMES.filter((name) => name.startsWith('test_')),
  ...readdirSync(OWN_FOLDER).filter((name) => name.startsWith('own_')),
];
/** All operands are constants: the model adds to its input what differs from the expected result. */
export const CONSTANTS = NAMES.filter((name) => name.startsWith('constant_'));

const folderOf = (name: string): string => join(name.startsWith('own_') ? OWN_FOLDER : FOLDER, name);

export const modelOf = (name: string): string => join(folderOf(name), 'model.onnx');

/** The data of `input.pb`, or of `output.pb`, which is expected. */
export function tensorIn(name: string, file: 'input.pb' | 'output.pb') {
  const proto = onnxProto.onnx.TensorProto.decode(readFileSync(join(folderOf(name), file))) as TensorProto;
  return { data: readTensor(proto, new Map(), file).tensor.data, dataType: proto.dataType };
}

export function operatorOf(name: string): string {
  const [first, second] = onnxProto.onnx.ModelProto.decode(readFileSync(modelOf(name))).graph!.node!;
  // An input of truth values comes from a Cast.
  return (first!.opType === 'Cast' && second !== undefined ? second : first!).opType!;
}
