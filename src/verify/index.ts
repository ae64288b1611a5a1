/** The public interface of `@quietproof/verify`. */
export type * from './bundle/bundle-types.ts';
export {
  circuitId,
  interfaceDigest,
  keyId,
  manifestDigest,
  modelId,
  modelIds,
  publicSignalsDigest,
} from './bundle/ids.ts';
export { PreparedModel, prepareModel } from './bundle/prepare-model.ts';
export { parseBundle, parseModelRecord, parseOpening } from './bundle/read-bundle.ts';
export { bundleInReceipt, isReceipt, MAX_RECEIPT, RECEIPT_CLOSE, RECEIPT_OPEN } from './bundle/receipt.ts';
export { openEnvelope, sealStatement, statementOf } from './bundle/statement.ts';
export * from './bundle/statement-types.ts';
export { decodeInput, encodeInput, featureCount, featureName, inputWidths } from './input/encode-input.ts';
export { CHUNK, digestTag, ELEMENT_BITS, inputDigest, packValues } from './input/input-digest.ts';
export { MAX_SALT, openInput } from './input/open-input.ts';
export type { Opening } from './input/opening-types.ts';
export { MAX_POSEIDON_INPUTS, poseidon, poseidonConstants } from './input/poseidon.ts';
export { checkInterface, type SignalPlan } from './interface/check-interface.ts';
export { contextSignal, EMPTY_CONTEXT, MAX_CONTEXT } from './interface/context.ts';
export { INPUT_MODE_NAMES, INPUT_MODES, saltFor } from './interface/input-modes.ts';
export type * from './interface/model-interface.ts';
export {
  contextOf,
  joinSignals,
  orderedGroups,
  type PublicSignals,
  type SignalGroups,
  splitSignals,
} from './interface/public-signals.ts';
export { canonicalBytes, canonicalJson, fileJson } from './json/canonical-json.ts';
export type * from './json/encoded-types.ts';
export { MAX_DEPTH, MAX_SIZE } from './json/parse-json.ts';
export type * from './key/key-types.ts';
export { Q, R } from './key/points.ts';
export {
  decodeProof,
  groth16Holds,
  type PreparedKey,
  type ProofPoints,
  prepareKey,
} from './key/prepared-key.ts';
export { type CheckedKey, canonicalVerificationKey, checkVerificationKey } from './key/verification-key.ts';
export { REFUSALS, Refusal, type RefusalCode } from './refusal.ts';
export { TAGS } from './tagged-hash.ts';
export type { VerifyOptions } from './verdict/examine-bundle.ts';
export type { InputQuestion } from './verdict/examine-input.ts';
export * from './verdict/verdict-types.ts';
export { verifyBundle } from './verdict/verify-bundle.ts';
export {
  type Duplicate,
  findDuplicates,
  type ManyItem,
  type ManyOptions,
  verifyMany,
} from './verdict/verify-many.ts';
