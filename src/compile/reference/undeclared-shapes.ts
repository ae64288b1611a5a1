import onnxProto from 'onnx-proto';

const { ModelProto } = onnxProto.onnx;

/** How ONNX Runtime begins to say that a declared shape is not the one that it finds. */
const CONFLICT = '[ShapeInferenceError]';

/** Whether ONNX Runtime refuses a model for the shapes that it declares. Its other builds only warn of them. */
export const declaresOtherShapes = (cause: unknown): boolean =>
  cause instanceof Error && cause.message.includes(CONFLICT);

/** The model without the shapes that it declares of its outputs and of values between them: they change no number. */
export function withoutDeclaredShapes(bytes: Uint8Array): Uint8Array {
  const model = ModelProto.decode(bytes);
  const { graph } = model;
  if (graph == null) return bytes;
  for (const { type } of graph.output ?? []) if (type?.tensorType) type.tensorType.shape = null;
  graph.valueInfo = [];
  return ModelProto.encode(model).finish();
}
