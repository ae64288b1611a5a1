import { createHash } from 'node:crypto';
import { fileJson, openEnvelopeV2, StatementMaker, type ThinBundleV2 } from '@quietproof/verify';
import type { LogEntry } from '@quietproof/verify/seal';
import { answerEntry } from '../../../verify/seal/support/sealed.ts';
import type { Files } from '../../support/audit-of.ts';
import { announcement, LogFolder, type PlacedRecord } from '../../support/log-folder.ts';
import { type Answer, contextOf, nonceAt, type ProvedModel } from './material.ts';
import { timeAt, WITNESSES } from './parties.ts';

/** The answer of a model at a place of the log. */
export function answerAt({ answers }: ProvedModel, place: number): Answer {
  const found = answers.find((one) => one.place === place);
  if (found === undefined) throw new Error(`the model has no answer for place ${place}`);
  return found;
}

export const numberedName = (index: number) => `${String(index).padStart(6, '0')}.proof.json`;
export const openingName = (index: number) => `private/${String(index).padStart(6, '0')}.opening.json`;

/** Records as `prove` numbers them, of the answers at these places. */
export function batch(model: ProvedModel, places: readonly number[]): Record<string, string> {
  const files: Record<string, string> = { 'model.json': model.text };
  for (const [index, place] of places.entries()) {
    files[numberedName(index)] = numbered(answerAt(model, place).bundle, index);
  }
  return files;
}

export function openings(model: ProvedModel, places: readonly number[]): Record<string, string> {
  return Object.fromEntries(
    places.map((place, index) => [openingName(index), fileJson(answerAt(model, place).opening)]),
  );
}

export function numbered(bundle: ThinBundleV2, index: number): string {
  return fileJson({ ...bundle, row: { index } });
}

/** A record of the same proof under another statement: another salt is all that differs. */
export function resealed({ record }: ProvedModel, { bundle }: Answer): ThinBundleV2 {
  const { contextId } = openEnvelopeV2(bundle.statement).statement.predicate;
  const salt = createHash('sha256').update('resealed').digest('hex');
  const { envelope } = new StatementMaker(record).seal(bundle.publicSignals, {
    salt,
    ...(contextId !== undefined && { contextId }),
  });
  return { ...bundle, statement: envelope };
}

/** The record of a place, with its entry in the log. */
export function placed(model: ProvedModel, place: number, time = timeAt(place)): PlacedRecord {
  const { bundle } = answerAt(model, place);
  const entry = answerEntry(openEnvelopeV2(bundle.statement).leaf, time);
  return { bundle, entry, index: place, nonce: nonceAt(place) };
}

export function announced(
  { modelId }: ProvedModel,
  place: number,
  more: { readonly version?: string; readonly retires?: string[] } = {},
): LogEntry {
  return announcement(modelId, { time: timeAt(place), ...more });
}

export const orderName = (place: number) => `order-${1000 + place}.proof.json`;

/** Records with the proof that a log has them, one per order. */
export async function sealedRecords(log: LogFolder, model: ProvedModel, places: readonly number[]) {
  const files: Record<string, string> = { 'model.json': model.text };
  for (const place of places) files[orderName(place)] = await log.record(placed(model, place));
  return files;
}

export function logOf(entries: readonly LogEntry[]): LogFolder {
  return new LogFolder(entries, WITNESSES);
}

/** Files in a folder. */
export function within(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
}

/** A list of expected answers: these files, each for the order of its place. */
export function listOf(rows: readonly (readonly [path: string, place: number])[]): string {
  return `path,context\n${rows.map(([name, place]) => `${name},${contextOf(place)}\n`).join('')}`;
}
