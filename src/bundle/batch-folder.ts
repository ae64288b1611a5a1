import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type AnyBundle, type AnyModelRecord, type AnyOpening, fileJson } from '@quietproof/verify';
import { makeFolder, writeDurably } from '../store/durable-file.ts';
import { bundleText } from './assemble-bundle.ts';

/** Files in a folder of proofs: one model.json, one thin bundle per row, and the openings in a subfolder. */
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

/** Writes model.json atomically. @throws QP8001, QP8002 */
export async function writeModelRecord(file: string, model: AnyModelRecord): Promise<void> {
  await writeDurably(file, fileJson(model));
}

/** Writes one bundle atomically. @throws QP8001, QP8002 */
export async function writeBundle(file: string, bundle: AnyBundle): Promise<void> {
  await writeDurably(file, bundleText(bundle));
}

/** Writes one opening atomically, readable only by its owner. @throws QP8001, QP8002 */
export async function writeOpening(file: string, opening: AnyOpening): Promise<void> {
  await makeFolder(path.dirname(file), 0o700);
  await writeDurably(file, fileJson(opening), 0o600);
}

/**
 * Writes the files of one row. The opening is on disk before the bundle, because a digest that nobody can open only
 * says that some input gave this answer.
 *
 * @throws QP8001, QP8002
 */
export async function writeRow(
  folder: string,
  row: number,
  proved: { readonly bundle: AnyBundle; readonly opening?: AnyOpening },
): Promise<void> {
  if (proved.opening !== undefined) await writeOpening(openingPath(folder, row), proved.opening);
  await writeBundle(bundlePath(folder, row), proved.bundle);
}

/** Paths of the bundles in a folder, sorted by name. Ignores openings and other files. */
export async function listBundles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith(BUNDLE_SUFFIX) && !name.startsWith('.'))
    .sort()
    .map((name) => path.join(folder, name));
}

function rowName(row: number): string {
  return String(row).padStart(ROW_DIGITS, '0');
}
