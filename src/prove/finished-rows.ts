import { readFile } from 'node:fs/promises';
import {
  fileJson,
  type ModelRecord,
  type Opening,
  openEnvelope,
  openInput,
  parseBundle,
  parseOpening,
  Refusal,
  type ThinBundle,
} from '@quietproof/verify';
import { bundlePath, openingPath } from '../bundle/batch-folder.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { EncodedRow } from './encode-rows.ts';

/** Subject of a batch. All rows in its folder must have the same one. */
export interface BatchSubject {
  readonly folder: string;
  readonly model: ModelRecord;
  /** The public signal of the context. */
  readonly context: bigint;
}

/** State of one row after earlier runs. */
export interface RowState {
  readonly finished: boolean;
  /** An existing opening of this row, whose salt must be reused. */
  readonly opening?: Opening;
}

/**
 * Looks for a row in its folder. Existing files are never replaced: a finished bundle may already be in use, and only
 * its opening can open it.
 *
 * @throws QP6202 if the folder contains a proof of another model, row or context; QP6204 if the opening of a finished
 * row is missing
 */
export async function findRow(subject: BatchSubject, row: EncodedRow): Promise<RowState> {
  const opening = await findOpening(subject, row);
  const file = bundlePath(subject.folder, row.index);
  const content = await readIfPresent(file);
  if (content === undefined) return { finished: false, ...(opening !== undefined && { opening }) };
  const bundle = readOrRefuse(file, () => parseBundle(content));
  requireSameSubject(subject, bundle, file);
  requireSameInput(subject, row, bundle, opening, file);
  return { finished: true, ...(opening !== undefined && { opening }) };
}

async function findOpening(subject: BatchSubject, row: EncodedRow): Promise<Opening | undefined> {
  if (subject.model.interface.input.mode === 'public') return undefined;
  const file = openingPath(subject.folder, row.index);
  const content = await readIfPresent(file);
  if (content === undefined) return undefined;
  const opening = readOrRefuse(file, () => parseOpening(content));
  if (opening.modelId !== subject.model.ids.modelId) throw other(file, 'another model');
  if (!sameValues(opening.values, row.integers)) throw other(file, 'another row');
  return opening;
}

/** Whether the folder has a model.json. @throws QP6202 if it belongs to another model */
export async function findModelRecord(file: string, model: ModelRecord): Promise<boolean> {
  const content = await readIfPresent(file);
  if (content === undefined) return false;
  if (content.toString('utf8') !== fileJson(model)) throw other(file, 'another model');
  return true;
}

function requireSameSubject({ model, context }: BatchSubject, bundle: ThinBundle, file: string): void {
  const expected = model.interface.signals.reduce((sum, group) => sum + group.count, 0);
  if (bundle.publicSignals.length !== expected) throw other(file, 'another model');
  const { statement } = readOrRefuse(file, () => openEnvelope(bundle.statement));
  if (statement.subject[0].digest.sha256 !== model.ids.modelId) throw other(file, 'another model');
  if (BigInt(bundle.publicSignals.at(-1)!) !== context) throw other(file, 'another context');
}

function requireSameInput(
  { model }: BatchSubject,
  row: EncodedRow,
  bundle: ThinBundle,
  opening: Opening | undefined,
  file: string,
): void {
  const outputs = model.interface.signals
    .filter(({ role }) => role === 'output')
    .reduce((sum, group) => sum + group.count, 0);
  if (model.interface.input.mode === 'public') {
    const values = bundle.publicSignals.slice(outputs, -1).map(Number);
    if (!sameValues(values, row.integers)) throw other(file, 'another row');
    return;
  }
  if (opening === undefined) {
    const fix = 'Restore the opening, or move the proof elsewhere to prove the row again';
    throw new QuietproofError('QP6204', { where: file, fix });
  }
  readOrRefuse(file, () => openInput(model.interface.input, BigInt(bundle.publicSignals[outputs]!), opening));
}

function sameValues(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);
}

async function readIfPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function readOrRefuse<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) throw other(file, `something else: ${error.message}`, error);
    throw error;
  }
}

function other(file: string, what: string, cause?: unknown): QuietproofError {
  return new QuietproofError('QP6202', {
    what: `The output folder contains a proof of ${what}`,
    where: file,
    fix: 'Use another --out, or move the file elsewhere; finished proofs are never replaced',
    cause,
  });
}
