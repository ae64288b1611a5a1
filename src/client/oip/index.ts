/** The tensors of the Open Inference Protocol, for servers and for those who watch them: `@quietproof/client/oip`. */
export {
  DATATYPES,
  type Datatype,
  isDatatype,
  Malformed,
  type OutputDatatype,
  readBinary,
  readJsonElement,
  writeBinary,
} from './datatypes.ts';
export { type InputTensor, type ModelTensors, type OutputTensor, tensorsOf } from './model-tensors.ts';
export { type Fields, fieldsOf, UnreadableMessage } from './read-message.ts';
export { type ReceivedReceipt, readReceipts } from './read-receipts.ts';
