import type { AnyOpening } from '@quietproof/verify';
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
  /** What a proof of the row takes. */
  begin(row: RowToProve): BegunRow;
  /** Compares the input's public signals with an opening that was there before. @throws QP6003 */
  confirm(row: RowToProve, signals: readonly string[]): void;
}

export interface FoundRow {
  readonly subject: BatchSubject;
  readonly row: EncodedRow;
  readonly opening: AnyOpening | undefined;
  /** The finished proof. */
  readonly file: string;
}

export interface RowToProve extends EncodedRow {
  /** Of an earlier run, or of another process: its salt has to be used again. */
  readonly opening?: AnyOpening;
}

export interface BegunRow {
  /** Null where the mode takes none. */
  readonly salt: bigint | null;
  /** Whether an opening is to be made. */
  readonly opens: boolean;
}
