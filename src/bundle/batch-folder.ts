import path from 'node:path';
import { type AnyBundle, type AnyModelRecord, type AnyOpening, fileJson } from '@quietproof/verify';
import { makeFolder, writeDurably } from '../store/durable-file.ts';
import type { GroupCommit, NewFile } from '../store/group-commit.ts';
import { bundleText } from './assemble-bundle.ts';
import { bundlePath, openingPath, PRIVATE_FOLDER } from './batch-names.ts';

/** Writes model.json atomically. @throws QP8001, QP8002 */
export async function writeModelRecord(file: string, model: AnyModelRecord): Promise<void> {
  await writeDurably(file, fileJson(model));
}

/** Writes one bundle atomically, also over another. @throws QP8001–QP8008 */
export async function writeBundle(file: string, bundle: AnyBundle): Promise<void> {
  await writeDurably(file, bundleText(bundle));
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

/** The files of one row. */
export interface RowTexts {
  readonly bundle: string;
  /** Missing where the input mode has none, or where it is there already. */
  readonly opening?: string;
}

/** `opening` or `bundle`: there was one already, which stays. */
export type CreatedRow = 'created' | 'opening' | 'bundle';

/**
 * Creates the files of one row as a unit. The opening is on disk before the bundle has its name, because a digest that
 * nobody can open only says that some input gave this answer; and a bundle is not created beside the opening of another.
 * The folder of openings exists.
 *
 * @throws QP8001–QP8008
 */
export async function createRow(
  files: GroupCommit,
  folder: string,
  row: number,
  { bundle, opening }: RowTexts,
): Promise<CreatedRow> {
  const sequence: NewFile[] = [{ file: bundlePath(folder, row), content: bundle }];
  if (opening !== undefined)
    sequence.unshift({ file: openingPath(folder, row), content: opening, mode: 0o600 });
  const created = await files.createInOrder(sequence);
  if (created === sequence.length) return 'created';
  return created === 0 && opening !== undefined ? 'opening' : 'bundle';
}
