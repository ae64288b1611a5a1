import { parseJson, Refusal, readers } from '@quietproof/verify';
import { ARCHIVE, type ArchiveManifest } from '../../export/archive/archive-manifest.ts';
import { printablePath } from './archive-paths.ts';
import type { FoundEntry } from './audit-source.ts';
import { refusedEntry } from './found-entries.ts';

const { hex, integer, list, literal, record, text } = readers;

/** In archives that `quietproof archive` wrote. */
export const MANIFEST_FILE = ARCHIVE.manifest;
const VERSION: ArchiveManifest['version'] = 'quietproof/archive/v1';
/** Bytes, and files: some 400,000. */
export const MOST_MANIFEST = 1 << 26;
const MOST_FILES = 1 << 22;

const readFiles = list(record({ path: text, bytes: integer(0), sha256: hex }, {}), 0, MOST_FILES);

/**
 * Compares an archive with its manifest, both ways.
 *
 * @param digests of the files that are there; undefined for one that cannot be read
 * @returns undefined if this is no manifest of ours
 */
export async function differencesFrom(
  manifest: Uint8Array,
  digests: () => Promise<ReadonlyMap<string, string | undefined>>,
): Promise<FoundEntry[] | undefined> {
  if (!Buffer.from(manifest).includes(VERSION)) return undefined;
  const listed = filesIn(manifest);
  if (listed instanceof Refusal) return [differs(MANIFEST_FILE, `cannot be read: ${listed.what}`)];
  const there = await digests();
  const named = new Map(listed.map(({ path, sha256 }) => [path, sha256]));
  const changed = [...named].flatMap(([path, sha256]) => {
    if (!there.has(path)) return [differs(path, 'is in the manifest, and missing')];
    return there.get(path) === sha256 ? [] : [differs(path, 'is not the file of the manifest')];
  });
  const added = [...there.keys()].filter((path) => path !== MANIFEST_FILE && !named.has(path));
  return [...changed, ...added.map((path) => differs(path, 'is not in the manifest'))];
}

const readManifest = record(
  { version: literal(VERSION), files: readFiles },
  { records: (json) => json, leftOut: (json) => json },
);

function filesIn(manifest: Uint8Array) {
  try {
    return readManifest(parseJson(manifest, MOST_MANIFEST), 'manifest').files;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function differs(path: string, what: string): FoundEntry {
  const shown = printablePath(path);
  const entry = refusedEntry(shown, false, new Refusal('QP7014', { where: `${shown}: ${what}` }));
  return { ...entry, unread: 'archive-differs' };
}
