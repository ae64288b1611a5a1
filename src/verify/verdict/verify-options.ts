import type { RowValue } from '../encoding/feature-encoding.ts';
import type { PreparedKey } from '../key/prepared-key.ts';
import type { ProofChecker } from '../key/proof-checker.ts';
import type { Refusal } from '../refusal.ts';
import type { Vouching } from '../trust/vouching.ts';
import type { PreparedModel } from '../versions/prepare-model.ts';

/** A file as bytes or text, or why it was not read (QP7013, QP7014): then nothing was given instead of it. */
export type FileContent = string | Uint8Array | Refusal;

/** What the caller asks beyond "is this proof valid". */
export interface VerifyOptions {
  /** The model id that the caller expects: the pin. With several, the proof must be of one of them. */
  readonly model?: string | readonly string[];
  /** Accept any model: `accepted` then requires no pin. The verdict still says that no model was pinned. */
  readonly anyModel?: boolean;
  /** The context that the proof must have been made for. If the record has a `contextId`, only the caller's part. */
  readonly context?: Uint8Array;
  /** The input that the proof must be about: the row, or for a digest the opening, with or without the row. */
  readonly input?: InputQuestion;
  /**
   * Largest distance of each value of the row (or else of the row in the opening) from the proved value, in steps, 0 to
   * 0.5. It can only make the check stricter: the row must encode to the proved values in any case.
   */
  readonly tolerance?: number;
  /** The model.json of a thin bundle; ignored for packed bundles. */
  readonly companion?: PreparedModel | FileContent;
  /** Whom the caller trusts, with the statements that they signed. */
  readonly trust?: Vouching;
  /** The answer has to be in a log that `trust` names: if that is not shown, the outcome is `incomplete`. */
  readonly sealed?: boolean;
  /** Cache, key id → prepared key. Passed to every call, it makes packed bundles of one key as cheap as thin ones. */
  readonly keys?: Map<string, PreparedKey>;
  /** A faster implementation of the last two checks, which can only confirm proofs: see `ProofChecker`. */
  readonly checker?: ProofChecker;
}

export interface InputQuestion {
  readonly row?: readonly RowValue[];
  /** Content of an `*.opening.json`. */
  readonly opening?: string | Uint8Array;
}
