import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type FileHandle, rm } from 'node:fs/promises';
import path from 'node:path';
import { userCache } from './user-cache.ts';

/** Smaller files are hashed sooner than their entry is found. */
const WORTH_BYTES = 2 ** 18;

/**
 * A file that changed less than this before it was hashed is hashed again next time: it could change once more without a
 * new time, as far as its file system counts time.
 */
const SETTLED_NS = 3_000_000_000n;

/** What the system says of a file; with the same state, it has the same content. */
interface FileState {
  readonly device: string;
  readonly inode: string;
  readonly bytes: string;
  readonly modified: string;
  /** When the system last changed anything of the file. No program can set it, unlike `modified`. */
  readonly changed: string;
}

/** The digest of an open file, as far as it is known. */
export interface Recalled {
  /** Undefined where it is not known of the file as it is. */
  readonly digest: string | undefined;
  /** Keeps a digest that was computed since, if the file is still as it was when it was looked for. */
  remember(computed: string): Promise<void>;
}

/**
 * The digest of an open file, re-used while its size, times, inode and device are the same. Entries lie in the user's own
 * cache, readable by the user alone; where there is none, every file is hashed.
 *
 * Only for digests that tell a user of a file changed by mistake, never where something is verified: whoever can write to
 * the user's cache decides what this returns.
 *
 * @param key tells apart digests of one file, such as by their tag
 */
export async function knownDigest(
  handle: FileHandle,
  key: string,
  digest: () => Promise<string>,
  cache = userCache(),
): Promise<string> {
  const recalled = await recallDigest(handle, key, cache);
  if (recalled.digest !== undefined) return recalled.digest;
  const computed = await digest();
  await recalled.remember(computed);
  return computed;
}

/** What `knownDigest` does, for digests that others compute. */
export async function recallDigest(handle: FileHandle, key: string, cache = userCache()): Promise<Recalled> {
  const before = await stateOf(handle);
  if (cache === undefined || Number(before.bytes) < WORTH_BYTES) return UNKNOWN;
  const file = path.join(cache, 'digests', nameOf(before, key));
  const known = readEntry(file);
  if (known !== undefined && same(known.state, before)) return { ...UNKNOWN, digest: known.digest };
  const started = BigInt(Date.now()) * 1_000_000n;
  const isSettled = started - BigInt(before.changed) > SETTLED_NS;
  return {
    digest: undefined,
    async remember(computed) {
      if (isSettled && same(before, await stateOf(handle))) await writeEntry(file, before, computed);
    },
  };
}

const UNKNOWN: Recalled = { digest: undefined, remember: async () => {} };

async function stateOf(handle: FileHandle): Promise<FileState> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await handle.stat({ bigint: true });
  return {
    device: `${dev}`,
    inode: `${ino}`,
    bytes: `${size}`,
    modified: `${mtimeNs}`,
    changed: `${ctimeNs}`,
  };
}

/** One entry per file: a changed file replaces its entry. */
function nameOf({ device, inode }: FileState, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([device, inode, key]))
    .digest('hex');
}

function same(one: FileState, other: FileState): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

interface Entry {
  readonly state: FileState;
  readonly digest: string;
}

/** What cannot be read is made again. */
function readEntry(file: string): Entry | undefined {
  try {
    const { state, digest } = JSON.parse(readFileSync(file, 'utf8')) as Entry;
    return typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest) ? { state, digest } : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or absent, but not durable: after a power loss it is made again. */
async function writeEntry(file: string, state: FileState, digest: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, JSON.stringify({ state, digest }), { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    // A cache that cannot be written costs time and nothing else.
    await rm(temporary, { force: true }).catch(() => {});
  }
}
