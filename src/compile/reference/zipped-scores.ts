import onnxProto from 'onnx-proto';
import { type GraphProto, LEARNED_DOMAIN, type NodeProto } from '../../import/onnx/decode-model.ts';

const FLOAT = 1;

/**
 * The tensor behind each output of scores by name, which the runtime gives no access to: the operand of its ZipMap.
 *
 * @returns by output
 */
export function zippedScores({ node }: GraphProto): Map<string, string> {
  const zips = (node as NodeProto[]).filter(
    ({ opType, domain }) => opType === 'ZipMap' && domain === LEARNED_DOMAIN,
  );
  return new Map(zips.map(({ input, output }) => [output[0]!, input[0]!]));
}

/** The model with more outputs, of float32: messages of one field are merged, so that what is new goes at the end. */
export function withOutputs(model: Uint8Array, names: Iterable<string>): Uint8Array {
  const { ModelProto } = onnxProto.onnx;
  const type = { tensorType: { elemType: FLOAT } };
  const more = ModelProto.encode({
    graph: { output: Array.from(names, (name) => ({ name, type })) },
  }).finish();
  return Buffer.concat([model, more]);
}
