/**
 * Sealed answers: `@quietproof/verify/seal`, for those who give them, keep promises of them, or watch a log of them. What a
 * verdict needs of it is in `@quietproof/verify`.
 */

export { SEAL_REFUSALS, type SealRefusalCode } from '../seal-refusals.ts';
export { MAX_LOG_ENTRY } from './answer-entry.ts';
export {
  BEACON_SCHEME,
  type BeaconChain,
  type BeaconInfo,
  beaconChain,
  firstRoundFrom,
  parseBeaconInfo,
  roundTime,
} from './beacon-chain.ts';
export { type BeaconRound, type CheckedRound, checkRound, parseRound, roundMessage } from './beacon-round.ts';
export {
  type AskedParts,
  type CheckedPromise,
  checkPromise,
  type PromiseClock,
  type SealedParts,
} from './check-promise.ts';
export { checkSealed, type FoundSeal, type SealedRecord, sealSidecar } from './check-sealed.ts';
export { checkNamedRound, type Draw, isDrawn } from './draw.ts';
export {
  auditDraws,
  type DrawAudit,
  DrawAuditor,
  type DrawFault,
  type DrawnEntry,
  type DrawPolicy,
  type DrawQuestion,
  type DrawTerms,
} from './draw-audit.ts';
export { entryBytes, entryText, readLogEntry } from './entry.ts';
export * from './entry-types.ts';
export { checkEvidence, evidenceText, parseEvidence } from './evidence.ts';
export * from './evidence-types.ts';
export { forkEvidence } from './fork-evidence.ts';
export type { LogPlace } from './log-place.ts';
export {
  type KnownLog,
  type OpenedPromise,
  openPromise,
  parsePromise,
  promiseEnvelope,
  promiseMessage,
} from './promise.ts';
export * from './promise-types.ts';
export { NONCE_BYTES, type Nonce, sealContextId } from './seal-context.ts';
export * from './sealed-types.ts';
export { type Fraction, isShare, type Share, shareFraction } from './share.ts';
export { type PlacedEntry, placedEntry } from './signed-entry.ts';
