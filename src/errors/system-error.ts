import { QuietproofError } from './quietproof-error.ts';
import type { ErrorCode } from './registry.ts';

type Access = 'read' | 'write';

interface Meaning {
  readonly code: ErrorCode;
  /** Default: the registry's title. */
  readonly what?: string;
  readonly fix: string;
}

const MEMORY: Meaning = {
  code: 'QP8007',
  fix: 'Close other programs, use a machine with more memory, or raise the limit (NODE_OPTIONS=--max-old-space-size)',
};
const FILES: Meaning = {
  code: 'QP8003',
  fix: 'Raise the limit (ulimit -n) or close other programs, and run the same command again',
};
const SPACE = 'Free some space and run the same command again';

/** The same whatever was being done. */
const ALWAYS: Readonly<Record<string, Meaning>> = {
  EMFILE: FILES,
  ENFILE: FILES,
  ENOMEM: MEMORY,
  ERR_WORKER_OUT_OF_MEMORY: MEMORY,
  ERR_MEMORY_ALLOCATION_FAILED: MEMORY,
  EIO: { code: 'QP8008', fix: "Check the disk or the network share, and the system's log" },
  ENOSPC: { code: 'QP8001', fix: SPACE },
  EDQUOT: { code: 'QP8006', fix: SPACE },
  ELOOP: { code: 'QP1006', fix: 'Check where the links lead' },
  ENAMETOOLONG: { code: 'QP1007', fix: 'Use a shorter path' },
};

const DENIED: Meaning = {
  code: 'QP1002',
  what: 'No permission to read the file',
  fix: 'Check the path and its permissions',
};
const READING: Readonly<Record<string, Meaning>> = {
  ENOENT: { code: 'QP1002', what: 'There is no such file or folder', fix: 'Check the path' },
  EACCES: DENIED,
  EPERM: DENIED,
  EISDIR: { code: 'QP1002', what: 'This is a folder where a file was expected', fix: 'Check the path' },
  ENOTDIR: { code: 'QP1002', what: 'This is a file where a folder was expected', fix: 'Check the path' },
};

const FORBIDDEN: Meaning = { code: 'QP8005', fix: 'Check the permissions of the folder, or use another one' };
const MISPLACED: Meaning = { code: 'QP1008', fix: 'Check the path, or use another one' };
const WRITING: Readonly<Record<string, Meaning>> = {
  ENOENT: { code: 'QP8002', what: 'There is no such folder', fix: 'Check that the folder exists' },
  EROFS: { code: 'QP8004', fix: 'Use a folder on a file system that can be written' },
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EISDIR: MISPLACED,
  ENOTDIR: MISPLACED,
  EEXIST: MISPLACED,
};

/** V8 reports failed allocations outside its heap as RangeErrors without a code. */
const ALLOCATION =
  /Array buffer allocation failed|could not allocate memory|Out of memory|Unable to grow instance memory|Maximum memory size exceeded/;

/** Calls of the operating system that change something; all others read. */
const WRITES = new Set('mkdir mkdtemp write rename link unlink rm rmdir fsync copyfile'.split(' '));

export interface Circumstances {
  /** Default: by the call that failed. */
  readonly access?: Access;
  /** The path that users know. Default: the one in the error. */
  readonly where?: string;
}

/**
 * Gives an error of the operating system its code, e.g. QP8003 for EMFILE. This is the one place that knows them.
 *
 * @returns undefined if the error is not one of the operating system, or has no code of its own
 */
export function systemError(
  thrown: unknown,
  { access, where }: Circumstances = {},
): QuietproofError | undefined {
  const meaning = meaningOf(thrown, access ?? accessOf(thrown));
  if (meaning === undefined) return undefined;
  const place = where ?? textOf(thrown, 'path');
  const { code, what, fix } = meaning;
  const parts = { ...(what !== undefined && { what }), ...(place !== undefined && { where: place }) };
  return new QuietproofError(code, { ...parts, fix, cause: thrown });
}

/**
 * The same for errors that say nothing about the file: no memory, too many open files, a failing disk, a path that is
 * too long. Whoever turns a failed read into an error of its own, such as "not an artifact", asks here first.
 */
export function environmentError(thrown: unknown, where?: string): QuietproofError | undefined {
  const known = isOutOfMemory(thrown) || own(ALWAYS, textOf(thrown, 'code')) !== undefined;
  return known ? systemError(thrown, where === undefined ? {} : { where }) : undefined;
}

function meaningOf(thrown: unknown, access: Access): Meaning | undefined {
  if (isOutOfMemory(thrown)) return MEMORY;
  const code = textOf(thrown, 'code');
  return own(ALWAYS, code) ?? own(access === 'read' ? READING : WRITING, code);
}

function accessOf(thrown: unknown): Access {
  return WRITES.has(textOf(thrown, 'syscall') ?? '') ? 'write' : 'read';
}

function own(table: Readonly<Record<string, Meaning>>, code: string | undefined): Meaning | undefined {
  return code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined;
}

function isOutOfMemory(thrown: unknown): boolean {
  return thrown instanceof RangeError && ALLOCATION.test(thrown.message);
}

function textOf(thrown: unknown, name: 'code' | 'path' | 'syscall'): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const value = (thrown as NodeJS.ErrnoException)[name];
  return typeof value === 'string' ? value : undefined;
}
