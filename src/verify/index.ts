/** The public face of `@quietproof/verify`. */
export type * from './bundle-types.ts';
export { canonicalBytes, canonicalJson, fileJson } from './canonical-json.ts';
export { checkInterface, type SignalPlan } from './check-interface.ts';
export { contextSignal, EMPTY_CONTEXT, MAX_CONTEXT } from './context.ts';
export { decodeInput, encodeInput, featureCount, featureName, inputWidths } from './encode-input.ts';
export type { InputQuestion, VerifyOptions } from './examine-bundle.ts';
export {
  circuitId,
  interfaceDigest,
  keyId,
  manifestDigest,
  modelId,
  modelIds,
  publicSignalsDigest,
  TAGS,
} from './ids.ts';
export { CHUNK, digestTag, ELEMENT_BITS, inputDigest, packValues } from './input-digest.ts';
export type * from './model-interface.ts';
export { MAX_SALT, openInput } from './open-input.ts';
export type { Opening } from './opening-types.ts';
export { MAX_DEPTH, MAX_SIZE } from './parse-json.ts';
export { Q, R } from './points.ts';
export { MAX_POSEIDON_INPUTS, poseidon, poseidonConstants } from './poseidon.ts';
export { PreparedModel, prepareModel } from './prepare-model.ts';
export { decodeProof, groth16Holds, type PreparedKey, type ProofPoints, prepareKey } from './prepared-key.ts';
export { parseBundle, parseModelRecord, parseOpening } from './read-bundle.ts';
export { bundleInReceipt, isReceipt, MAX_RECEIPT, RECEIPT_CLOSE, RECEIPT_OPEN } from './receipt.ts';
export { REFUSALS, Refusal, type RefusalCode } from './refusal.ts';
export { openEnvelope, sealStatement, statementOf } from './statement.ts';
export * from './statement-types.ts';
export * from './verdict-types.ts';
export { type CheckedKey, canonicalVerificationKey, checkVerificationKey } from './verification-key.ts';
export { verifyBundle } from './verify-bundle.ts';
export {
  type Duplicate,
  findDuplicates,
  type ManyItem,
  type ManyOptions,
  verifyMany,
} from './verify-many.ts';
