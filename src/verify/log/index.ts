/** Transparency logs: `@quietproof/verify/log`, apart from the rest, which does not need it. */
export { encodeBase64 } from '../json/base64.ts';
export { Refusal } from '../refusal.ts';
export {
  type CheckedCheckpoint,
  type Checkpoint,
  checkCheckpoint,
  checkpointText,
  type LogPolicy,
  readCheckpoint,
} from './checkpoint.ts';
export { bundledEntry, MAX_ENTRY, readEntryBundle } from './entry-bundle.ts';
export {
  type CheckedInclusion,
  checkLogProof,
  type LogProof,
  logProofText,
  readLogProof,
} from './log-proof.ts';
export {
  EMPTY_ROOT,
  equal,
  HASH_BYTES,
  type Hash,
  isConsistent,
  leafHash,
  nodeHash,
  rootFromInclusion,
  rootOfComplete,
  type TreeHead,
} from './merkle.ts';
export {
  type CheckedSignature,
  checkSignatures,
  type NoteKey,
  type NoteKeyKind,
  noteKey,
  noteKeyText,
  readNote,
  readNoteKey,
  signedBytes,
} from './note.ts';
export { type ReadTile, TILE_WIDTH, type TilePlace, TileTree, tilePath, tileWidth } from './tiles.ts';
export {
  checkWitnesses,
  type LogTrust,
  type Sighting,
  type Witness,
  type Witnessed,
  type WitnessKey,
  type WitnessQuorum,
} from './witnessed.ts';
