import type { AnyOpening } from '@quietproof/verify';
import type { GroupCommit } from '../../store/group-commit.ts';
import type { BatchSubject } from '../batch-subject.ts';
import type { EncodedRow } from '../encode-rows.ts';

/** What a batch keeps of its rows beside the proofs, under one input mode. */
export interface BatchInput {
  /** Makes the folders that the mode writes to. */
  prepare(folder: string): Promise<void>;
  /** What an earlier run left to open this row's input. @throws QP6202 where it opens another */
  findOpening(subject: BatchSubject, row: EncodedRow): Promise<AnyOpening | undefined>;
  /**
   * A finished proof is about this row.
   *
   * @param signals the input's public signals
   * @throws QP6202 where it is about another; QP6204 where nothing is left to open its input
   */
  requireSameInput(row: FoundRow, signals: readonly string[]): void;
  /** Creates what must be on disk before the proof exists. @throws QP6202 where another process has created another */
  begin(subject: BatchSubject, row: RowToProve, files: GroupCommit): Promise<BegunRow>;
}

export interface FoundRow {
  readonly subject: BatchSubject;
  readonly row: EncodedRow;
  readonly opening: AnyOpening | undefined;
  /** The finished proof. */
  readonly file: string;
}

export interface RowToProve extends EncodedRow {
  /** Of an earlier run: its salt has to be used again. */
  readonly opening?: AnyOpening;
}

export interface BegunRow {
  /** Null where the mode takes none. */
  readonly salt: bigint | null;
  /** Compares the input's public signals with what was written. @throws QP6003 */
  readonly confirm: (signals: readonly string[]) => void;
}
