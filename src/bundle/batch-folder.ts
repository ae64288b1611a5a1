import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Bundle, fileJson, type ModelRecord, type Opening, type ThinBundle } from '@quietproof/verify';
import { makeFolder, writeDurably } from '../data/durable-file.ts';
import { bundleText } from './assemble-bundle.ts';

/** Names in a folder of proofs: model.json once, a thin bundle a row, openings in a folder of their own. */
export const MODEL_FILE = 'model.json';
export const PRIVATE_FOLDER = 'private';
const BUNDLE_SUFFIX = '.proof.json';
const OPENING_SUFFIX = '.opening.json';
const ROW_DIGITS = 6;

export function bundlePath(folder: string, row: number): string {
  return path.join(folder, rowName(row) + BUNDLE_SUFFIX);
}

export function openingPath(folder: string, row: number): string {
  return path.join(folder, PRIVATE_FOLDER, rowName(row) + OPENING_SUFFIX);
}

/** Writes model.json, whole or not at all. @throws QP8001, QP8002 */
export async function writeModelRecord(file: string, model: ModelRecord): Promise<void> {
  await writeDurably(file, fileJson(model));
}

/** Writes one bundle, whole or not at all. @throws QP8001, QP8002 */
export async function writeBundle(file: string, bundle: ThinBundle | Bundle): Promise<void> {
  await writeDurably(file, bundleText(bundle));
}

/** Writes one opening, readable by its owner only. @throws QP8001, QP8002 */
export async function writeOpening(file: string, opening: Opening): Promise<void> {
  await makeFolder(path.dirname(file), 0o700);
  await writeDurably(file, fileJson(opening), 0o600);
}

/**
 * Writes what one row leaves behind. The opening is on disk before the bundle is: a digest nobody can open says only
 * that some input gave this answer.
 *
 * @throws QP8001, QP8002
 */
export async function writeRow(
  folder: string,
  row: number,
  proved: { readonly bundle: ThinBundle; readonly opening?: Opening },
): Promise<void> {
  if (proved.opening !== undefined) await writeOpening(openingPath(folder, row), proved.opening);
  await writeBundle(bundlePath(folder, row), proved.bundle);
}

/** The bundles of a folder, by name: their paths, in order. Openings and other files are left alone. */
export async function listBundles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith(BUNDLE_SUFFIX) && !name.startsWith('.'))
    .sort()
    .map((name) => path.join(folder, name));
}

/** The row that a bundle's name stands for, e.g. 17 for `000017.proof.json`; undefined for other names. */
export function rowOfBundle(file: string): number | undefined {
  const digits = /^([0-9]{6,15})\.proof\.json$/.exec(path.basename(file))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function rowName(row: number): string {
  return String(row).padStart(ROW_DIGITS, '0');
}
