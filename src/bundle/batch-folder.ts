import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type AnyBundle, type AnyModelRecord, type AnyOpening, fileJson } from '@quietproof/verify';
import { makeFolder, writeDurably } from '../store/durable-file.ts';
import type { GroupCommit } from '../store/group-commit.ts';
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

/** Writes one bundle atomically, also over another. @throws QP8001–QP8008 */
export async function writeBundle(file: string, bundle: AnyBundle): Promise<void> {
  await writeDurably(file, bundleText(bundle));
}

/** Creates a bundle. @returns false if there is one already, which stays. @throws QP8001–QP8008 */
export function createBundle(files: GroupCommit, file: string, bundle: AnyBundle): Promise<boolean> {
  return files.create({ file, content: bundleText(bundle) });
}

/**
 * Creates an opening, readable only by its owner, in a folder that exists.
 *
 * @returns false if there is one already, which stays: only it opens the bundle that may exist
 * @throws QP8001–QP8008
 */
export function createOpening(files: GroupCommit, file: string, opening: AnyOpening): Promise<boolean> {
  return files.create({ file, content: fileJson(opening), mode: 0o600 });
}

/** Makes the folder of openings, which only its owner can read. @throws QP8001–QP8008 */
export async function makePrivateFolder(folder: string): Promise<string> {
  const made = path.join(folder, PRIVATE_FOLDER);
  await makeFolder(made, 0o700);
  return made;
}

/**
 * Creates the files of one row as a unit. The opening is on disk before the bundle, because a digest that nobody can open
 * only says that some input gave this answer; and a bundle is not created beside the opening of another.
 *
 * @returns false if there was an opening or a bundle already
 * @throws QP8001–QP8008
 */
export async function createRow(
  files: GroupCommit,
  folder: string,
  row: number,
  proved: { readonly bundle: AnyBundle; readonly opening?: AnyOpening },
): Promise<boolean> {
  if (proved.opening !== undefined) {
    await makePrivateFolder(folder);
    if (!(await createOpening(files, openingPath(folder, row), proved.opening))) return false;
  }
  return createBundle(files, bundlePath(folder, row), proved.bundle);
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
