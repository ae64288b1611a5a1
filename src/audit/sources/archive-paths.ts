import { MODEL_FILE, OPENING_SUFFIX, PRIVATE_FOLDER } from '../../bundle/batch-names.ts';
import { isArchiveName } from './found-entries.ts';
import { isRecordName } from './record-names.ts';

/** What a file of an archive is to an audit, by its path. */
export type ArchivedKind =
  | 'record'
  /** Read only if a check asks for it. */
  | 'companion'
  | 'archive'
  /** No check needs it. */
  | 'other';

/** Files of a log: its tiles, and the timestamps of its checkpoints. */
const OF_LOG = /(^|\/)(checkpoint|[^/]+\.tsr|tile\/(\d+|entries)\/(x\d{3}\/)*\d{3}(\.p\/\d{1,3})?)$/;

/** The same choice as in a folder: hidden files are left out, and openings are no records. */
export function archivedKind(inSource: string): ArchivedKind {
  const parts = inSource.split('/');
  if (parts.some((part) => part.startsWith('.') && part !== '.' && part !== '..')) return 'other';
  const name = parts.at(-1)!;
  if (name.endsWith(OPENING_SUFFIX)) return 'companion';
  if (parts.slice(0, -1).includes(PRIVATE_FOLDER)) return 'other';
  if (isRecordName(name)) return 'record';
  if (isArchiveName(name)) return 'archive';
  return name === MODEL_FILE || OF_LOG.test(inSource) ? 'companion' : 'other';
}

/** Why no reader should take the path of an archive's entry; undefined for a plain one. */
export function badPath(inArchive: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(inArchive)) return 'its path has control characters';
  if (inArchive.includes('\\') || /^[A-Za-z]:/.test(inArchive)) return 'its path is one of another system';
  if (inArchive.startsWith('/')) return 'its path leads out of the archive';
  const parts = inArchive.split('/');
  if (parts.includes('..')) return 'its path leads out of the archive';
  return parts.some((part) => part === '' || part === '.') ? 'its path is not in its plain form' : undefined;
}

/** The path of an entry as tools write it: without `./` before it. */
export function plainPath(inArchive: string): string {
  return inArchive.replace(/^(\.\/)+/, '');
}

/** For messages. */
export function printablePath(inArchive: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
  return inArchive.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd').slice(0, 512);
}
