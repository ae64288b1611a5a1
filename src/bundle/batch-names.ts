import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Files in a folder of proofs: one model.json, one thin bundle per row, and the openings in a subfolder. */
export const MODEL_FILE = 'model.json';
export const PRIVATE_FOLDER = 'private';
export const BUNDLE_SUFFIX = '.proof.json';
/** Of a bundle with its record in it, beside thin ones: no further proof of the batch. */
export const PACKED_SUFFIX = '.packed.json';
export const OPENING_SUFFIX = '.opening.json';
const ROW_DIGITS = 6;

export function bundlePath(folder: string, row: number): string {
  return path.join(folder, rowName(row) + BUNDLE_SUFFIX);
}

export function openingPath(folder: string, row: number): string {
  return path.join(folder, PRIVATE_FOLDER, rowName(row) + OPENING_SUFFIX);
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
