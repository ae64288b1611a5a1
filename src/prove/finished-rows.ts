import {
  fileJson,
  type ModelRecord,
  type Opening,
  parseBundle,
  readingOf,
  splitSignals,
} from '@quietproof/verify';
import { bundlePath } from '../bundle/batch-folder.ts';
import { type BatchSubject, requireSameSubject } from './batch-subject.ts';
import type { EncodedRow } from './encode-rows.ts';
import { otherProof, readIfThere, readOrRefuse } from './found-files.ts';
import { batchInputOf } from './input-modes/input-modes.ts';

/** What an earlier run left of one row. */
export interface RowState {
  readonly finished: boolean;
  /** An opening of this very row, whose salt has to be used again. */
  readonly opening?: Opening;
}

/**
 * Looks for a row in its folder. Nothing that is there is ever replaced: a finished bundle may have been handed on,
 * and its opening is the only one there is.
 *
 * @throws QP6202 where the folder holds another model's, row's or context's proof; QP6204 where a finished row's
 * opening is gone
 */
export async function findRow(subject: BatchSubject, row: EncodedRow): Promise<RowState> {
  const input = batchInputOf(subject.model);
  const opening = await input.findOpening(subject, row);
  const file = bundlePath(subject.folder, row.index);
  const content = await readIfThere(file);
  if (content === undefined) return { finished: false, ...(opening !== undefined && { opening }) };
  const bundle = readOrRefuse(file, () => parseBundle(content));
  requireSameSubject(subject, bundle, file);
  const signals = splitSignals(readingOf(subject.model.interface), bundle.publicSignals).input;
  input.requireSameInput({ subject, row, opening, file }, signals);
  return { finished: true, ...(opening !== undefined && { opening }) };
}

/** model.json of the folder. @throws QP6202 where it is another model's */
export async function findModelRecord(file: string, model: ModelRecord): Promise<boolean> {
  const content = await readIfThere(file);
  if (content === undefined) return false;
  if (content.toString('utf8') !== fileJson(model)) throw otherProof(file, 'another model');
  return true;
}
