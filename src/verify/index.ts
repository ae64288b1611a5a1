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
export {
  parseBundle,
  parseModelRecord,
  parseOpening,
  readManifest as readManifestV1,
} from './bundle/read-bundle.ts';
export { readVerificationKey } from './bundle/read-parts.ts';
export { bundleInReceipt, isReceipt, MAX_RECEIPT, RECEIPT_CLOSE, RECEIPT_OPEN } from './bundle/receipt.ts';
export { openEnvelope, sealStatement, statementOf } from './bundle/statement.ts';
export * from './bundle/statement-types.ts';
export { roundV2 } from './encoding/affine.ts';
export { categoryEncoding } from './encoding/category.ts';
export type { EncodedValue, FeatureValue, RowValue } from './encoding/feature-encoding.ts';
export { rank32Encoding } from './encoding/rank32.ts';
export {
  encodeRow,
  featureCount,
  featureName,
  featuresOf,
  inputWidths,
  type PlacedFeature,
  parseRow,
} from './input/encode-row.ts';
export { CHUNK, digestTag, ELEMENT_BITS, inputDigest, packValues } from './input/input-digest.ts';
export {
  type GivenRow,
  type InputOpening,
  MAX_SALT,
  MAX_TOLERANCE,
  type OpenedInput,
  openInput,
} from './input/open-input.ts';
export type { Opening } from './input/opening-types.ts';
export { MAX_POSEIDON_INPUTS, poseidon, poseidonConstants } from './input/poseidon.ts';
export { checkInterface } from './interface/check-interface.ts';
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
export { readEncoding as readEncodingV1 } from './interface/read-interface.ts';
export type * from './interface/reading.ts';
export { readingOfInputV1 } from './interface/reading-of-v1.ts';
export { canonicalBytes, canonicalJson, fileJson } from './json/canonical-json.ts';
export type * from './json/encoded-types.ts';
export { type Json, type JsonObject, MAX_DEPTH, MAX_SIZE, parseJson } from './json/parse-json.ts';
export type { Reader } from './json/read-json.ts';
export * as readers from './json/read-json.ts';
export { isPrintable } from './json/read-json.ts';
export type * from './key/key-types.ts';
export { Q, R } from './key/points.ts';
export {
  decodeProof,
  groth16Holds,
  type PreparedKey,
  type ProofPoints,
  prepareKey,
} from './key/prepared-key.ts';
export type { ProofChecker, StatedProof } from './key/proof-checker.ts';
export { type CheckedKey, canonicalVerificationKey, checkVerificationKey } from './key/verification-key.ts';
export { type MissingPart, REFUSALS, Refusal, type RefusalCode } from './refusal.ts';
export { signatureHolds } from './signature.ts';
export { TAGS } from './tagged-hash.ts';
export { checkableBeacons } from './transcript/beacon.ts';
export { checkChain } from './transcript/check-chain.ts';
export { type ShownChain, setupContribution } from './transcript/check-transcript.ts';
export { type Phase1, phase1Name, UNRECOGNISED } from './transcript/phase-1.ts';
export * from './transcript/transcript-types.ts';
export { keyIdOf, preAuthenticationEncoding, publicKeyIn } from './trust/ed25519.ts';
export type { GivenStatement } from './trust/open-statements.ts';
export { readStatementFile } from './trust/read-statement.ts';
export { type CheckedTrust, parseTrust, trustOfLog } from './trust/read-trust.ts';
export * from './trust/statement-types.ts';
export { isTime, timeOf } from './trust/time.ts';
export * from './trust/trust-types.ts';
export { MAX_STATEMENTS, Vouching } from './trust/vouching.ts';
export type * from './trust/vouching-types.ts';
export { groupOf } from './v2/axes.ts';
export * from './v2/bundle-types.ts';
export {
  interfaceDigestV2,
  manifestDigestV2,
  modelIdsV2,
  modelIdV2,
  recordIdentity,
  sidecarDigest,
  statementDigest,
} from './v2/ids.ts';
export type * from './v2/interface-types.ts';
export type * from './v2/opening-types.ts';
export { readEncoding as readEncodingV2 } from './v2/read-interface.ts';
export { parseQuality, readManifest as readManifestV2 } from './v2/read-record.ts';
export type * from './v2/record-types.ts';
export type { BundleSidecars, ModelSidecars, Sidecar, SidecarSubject } from './v2/sidecar-types.ts';
export {
  checkBindingV2,
  openEnvelopeV2,
  type SealedStatementV2,
  StatementMaker,
  statementOfV2,
} from './v2/statement.ts';
export type { Unchecked } from './v2/unchecked.ts';
export { decodeAnswers } from './verdict/decode-answer.ts';
export { onlyOfPart } from './verdict/decode-input.ts';
export { type Duplicate, DuplicateFinder, findDuplicates } from './verdict/find-duplicates.ts';
export * from './verdict/verdict-types.ts';
export { verifyBundle } from './verdict/verify-bundle.ts';
export { type ManyItem, type ManyOptions, verifyMany } from './verdict/verify-many.ts';
export type { FileContent, InputQuestion, VerifyOptions } from './verdict/verify-options.ts';
export { vouchedFor } from './verdict/vouched-for.ts';
export {
  type AnyBundle,
  type AnyInterface,
  type AnyModelRecord,
  type AnyOpening,
  parseAnyBundle,
  parseAnyInterface,
  parseAnyModelRecord,
  parseAnyOpening,
  readAnyInterface,
} from './versions/any-version.ts';
export { PreparedModel, prepareModel } from './versions/prepare-model.ts';
export { type FormatVersion, modelNamedBy, readingOf } from './versions/record.ts';
