import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { MODEL_FILE, PRIVATE_FOLDER } from '../../bundle/batch-names.ts';

/** A file of the folder, with its path in it. */
export interface Evidence {
  readonly file: string;
  /** With `/`. */
  readonly path: string;
  readonly isBundle: boolean;
}

export interface FoundEvidence {
  readonly evidence: readonly Evidence[];
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

/** Signed statements, beside the record of their model. */
const STATEMENTS_FOLDER = 'statements';
const BUNDLE = /\.(proof|packed)\.json$/;
/** Records and the parties behind them; receipts; timestamps; checkpoints of logs. */
const EVIDENCE = [
  BUNDLE,
  new RegExp(`^${MODEL_FILE.replace('.', '\\.')}$`),
  /^trust\.json$/,
  /\.receipt\.html$/,
  /\.tsr$/,
  /^checkpoint$/,
];
/** The tiles and entries of a log, below its checkpoint. */
const TILE = /(^|\/)tile\/(\d+|entries)\/(x\d{3}\/)*\d{3}(\.p\/\d{1,3})?$/;
/** Characters that some system or reader of zip files would take for something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNUSABLE_NAME = /[\u0000-\u001f\u007f-\u009f\\:*?"<>|]/;

/**
 * The files of a folder, and of those in it, that say something about answers, in the order of their paths. Links are not
 * followed; hidden files are not looked at.
 *
 * @param openings take openings too, which contain the inputs
 */
export async function findEvidence(folder: string, openings: boolean): Promise<FoundEvidence> {
  const evidence: Evidence[] = [];
  const leftOut: { path: string; why: string }[] = [];
  for await (const { entry, file, relative } of filesIn(folder, '')) {
    const why = reasonAgainst(entry, relative, openings);
    if (why === undefined) evidence.push({ file, path: relative, isBundle: BUNDLE.test(relative) });
    else leftOut.push({ path: printable(relative), why });
  }
  return { evidence, leftOut };
}

interface Found {
  readonly entry: Dirent;
  readonly file: string;
  readonly relative: string;
}

async function* filesIn(folder: string, prefix: string): AsyncGenerator<Found> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const [file, relative] = [path.join(folder, entry.name), `${prefix}${entry.name}`];
    if (entry.isDirectory()) yield* filesIn(file, `${relative}/`);
    else yield { entry, file, relative };
  }
}

/** @returns undefined for a file to be archived */
function reasonAgainst(entry: Dirent, relative: string, openings: boolean): string | undefined {
  if (!entry.isFile()) return 'it is no regular file';
  if (UNUSABLE_NAME.test(relative)) return 'its name cannot be used on every system';
  const folder = path.posix.basename(path.posix.dirname(relative));
  if (folder === PRIVATE_FOLDER) {
    return openings ? undefined : 'it opens an input; --openings takes it too';
  }
  const isKnown = EVIDENCE.some((one) => one.test(entry.name)) || TILE.test(relative);
  const isStatement = folder === STATEMENTS_FOLDER && entry.name.endsWith('.json');
  return isKnown || isStatement ? undefined : 'it is nothing that a check needs';
}

function printable(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
  return name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}
