import type { RowValue } from '../encoding/feature-encoding.ts';
import type { PreparedKey } from '../key/prepared-key.ts';
import type { PreparedModel } from '../versions/prepare-model.ts';

/** What the caller asks beyond "does this proof hold". */
export interface VerifyOptions {
  /** The model id the caller expects: the pin. */
  readonly model?: string;
  /** Accept any model: `accepted` then needs no pin. The verdict still says that nothing was pinned. */
  readonly anyModel?: boolean;
  /** The context the proof must have been made for: the caller's part, where the record has one of its own. */
  readonly context?: Uint8Array;
  /** The input the proof must be about: the row, and for a digest its opening (which alone is enough). */
  readonly input?: InputQuestion;
  /**
   * How far each value of the row, or else of the row in the opening, may be from what was proved: steps, 0 to 0.5. It
   * can only tighten: the row must encode to what was proved in any case.
   */
  readonly tolerance?: number;
  /** model.json, for thin bundles; ignored for packed ones. */
  readonly companion?: PreparedModel | string | Uint8Array;
  /** Kept between calls, it makes many packed bundles of one key as cheap as thin ones: key id → prepared key. */
  readonly keys?: Map<string, PreparedKey>;
}

export interface InputQuestion {
  readonly row?: readonly RowValue[];
  /** Content of an `*.opening.json`. */
  readonly opening?: string | Uint8Array;
}
