import {
  type AnyModelRecord,
  type AnyOpening,
  fileJson,
  parseAnyBundle,
  parseAnyModelRecord,
  readingOf,
  splitSignals,
} from '@quietproof/verify';
import { bundlePath } from '../bundle/batch-names.ts';
import { type BatchSubject, requireSameSubject } from './batch-subject.ts';
import type { EncodedRow } from './encode-rows.ts';
import { otherProof, readIfPresent, readOrRefuse } from './found-files.ts';
import { batchInputOf } from './input-modes/input-modes.ts';

/** State of one row after earlier runs. */
export interface RowState {
  readonly finished: boolean;
  /** An existing opening of this row, whose salt must be reused. */
  readonly opening?: AnyOpening;
}

/**
 * Looks for a row in its folder. Existing files are never replaced: a finished bundle may already be in use, and only
 * its opening can open it.
 *
 * @throws QP6202 if the folder contains a proof of another model, row or context; QP6204 if the opening of a finished
 * row is missing
 */
export async function findRow(subject: BatchSubject, row: EncodedRow): Promise<RowState> {
  const input = batchInputOf(subject.model);
  const opening = await input.findOpening(subject, row);
  const file = bundlePath(subject.folder, row.index);
  const content = await readIfPresent(file);
  if (content === undefined) return { finished: false, ...(opening !== undefined && { opening }) };
  const bundle = readOrRefuse(file, () => parseAnyBundle(content));
  requireSameSubject(subject, bundle, file);
  const signals = splitSignals(readingOf(subject.model.interface), bundle.publicSignals).input;
  input.requireSameInput({ subject, row, opening, file }, signals);
  return { finished: true, ...(opening !== undefined && { opening }) };
}

/** model.json of the folder. @throws QP6202 where it is another model's */
export async function findModelRecord(file: string, model: AnyModelRecord): Promise<boolean> {
  const content = await readIfPresent(file);
  if (content === undefined) return false;
  const found = readOrRefuse(file, () => parseAnyModelRecord(content));
  if (withoutSidecars(found) !== withoutSidecars(model)) throw otherProof(file, 'another model');
  return true;
}

/** Sidecars may be added to a record at any time: they are outside all ids. */
function withoutSidecars(model: AnyModelRecord): string {
  if (model.version === 'quietproof/model/v1') return fileJson(model);
  const { sidecars: _, ...record } = model;
  return fileJson(record);
}
