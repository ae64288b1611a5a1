import { rmSync } from 'node:fs';
import path from 'node:path';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { writeError } from './durable-file.ts';
import {
  isThisProcess,
  type Liveness,
  type LockMechanism,
  type LockOwner,
  livenessOf,
  thisOwner,
} from './lock-owner.ts';
import { claimRecord, presentOwner, releaseRecord, sweepCandidates } from './lock-record.ts';
import { type HeldFile, lockFile, type SystemLock, systemLocks } from './system-lock.ts';

/** What a lock is for: the code and the words of its refusal. */
export type LockPurpose = 'prove' | 'change';

export interface LockOptions {
  readonly purpose: LockPurpose;
  /** Name of the lock in the folder, for a lock on less than all of it. */
  readonly name?: string;
  /** Default: those that work here. */
  readonly systemLocks?: readonly SystemLock[];
}

export interface FolderLock {
  /** How it excludes: through the operating system, or only through the owner's record. */
  readonly mechanism: LockMechanism;
  /** Never throws: a lock that cannot be removed ends with this process. Only the first call does anything. */
  release(): void;
}

const LOCK_NAME = '.quietproof';

/**
 * Gives this process a folder for itself, without waiting. Two things exclude others: a lock of the operating system on
 * `<name>.lock`, where there is one, and a record of the owner in `<name>.owner`. A process that dies in whatever way
 * leaves nothing that keeps others out: the system drops its lock, and the next process takes the record over.
 *
 * With a lock of the system, this holds between containers and, where the file system passes locks on (NFS 4, SMB),
 * between machines. With the record alone, a holder whose process cannot be seen from here, in another container or on
 * another machine, is taken for alive.
 *
 * @param folder must exist
 * @throws QP6203 (to prove) or QP6206 (to change) if another process has it, or this one; QP8001–QP8008 if the folder
 *   cannot be written
 */
export async function lockFolder(folder: string, options: LockOptions): Promise<FolderLock> {
  const { purpose, name = LOCK_NAME } = options;
  const locks = options.systemLocks ?? (await systemLocks());
  const record = path.join(folder, `${name}.owner`);
  try {
    const system = lockSystem(path.join(folder, name), locks);
    if (system === 'taken') throw refusal(purpose, folder, record, presentOwner(record));
    try {
      return recorded(folder, record, system, purpose);
    } catch (error) {
      system.release();
      throw error;
    }
  } catch (error) {
    throw writeError(error, folder);
  }
}

/** Runs `body` with the folder's lock. @throws as `lockFolder` does */
export async function withLock<T>(folder: string, options: LockOptions, body: () => Promise<T>): Promise<T> {
  const lock = await lockFolder(folder, options);
  try {
    return await body();
  } finally {
    lock.release();
  }
}

interface Held extends Pick<HeldFile, 'release'> {
  readonly mechanism: LockMechanism;
}

/** Locks of different kinds may not see each other, so each has a file of its own. */
const SUFFIXES = { addon: 'lock', flock: 'flock' } as const;

/** The first lock of the system that the file system supports. */
function lockSystem(stem: string, locks: readonly SystemLock[]): Held | 'taken' {
  for (const lock of locks) {
    const file = `${stem}.${SUFFIXES[lock.mechanism]}`;
    const found = lockFile(file, lock);
    if (found.state === 'taken') return 'taken';
    if (found.state === 'held') return { mechanism: lock.mechanism, release: found.release };
    rmSync(file, { force: true });
  }
  return { mechanism: 'none', release: () => {} };
}

function recorded(folder: string, record: string, system: Held, purpose: LockPurpose): FolderLock {
  const own = thisOwner(system.mechanism);
  // A holder that locked in the same way would still have the system's lock.
  const hasLetGo = (owner: LockOwner) => owner.mechanism !== 'none' && owner.mechanism === own.mechanism;
  const holder = claimRecord(record, own, (owner) => {
    const liveness = livenessOf(owner, folder);
    return liveness === 'dead' || (liveness === 'unknown' && hasLetGo(owner));
  });
  if (holder !== undefined) throw refusal(purpose, folder, record, holder);
  sweepCandidates(record);
  let released = false;
  return {
    mechanism: own.mechanism,
    release() {
      // Its files, and the number of its descriptor, may be another holder's by now.
      if (released) return;
      released = true;
      try {
        releaseRecord(record, own);
      } catch {
        // The record then names a process that ends, and is taken over.
      }
      system.release();
    },
  };
}

const PURPOSES = {
  prove: { code: 'QP6203', doing: 'is proving into this folder', fix: 'Wait for it, or use another --out' },
  change: { code: 'QP6206', doing: 'is changing this folder', fix: 'Wait for it, or use another folder' },
} as const;

function refusal(purpose: LockPurpose, folder: string, record: string, holder: LockOwner | undefined) {
  const { code, doing, fix } = PURPOSES[purpose];
  const liveness = holder === undefined ? 'alive' : livenessOf(holder, folder);
  const sticky = holder?.mechanism === 'none' && liveness === 'unknown';
  const remove = `; if you know that it has ended, delete ${path.basename(record)} in the folder`;
  return new QuietproofError(code, {
    what: `${nameOf(holder, liveness)} ${doing}`,
    where: folder,
    fix: sticky ? fix + remove : fix,
  });
}

function nameOf(holder: LockOwner | undefined, liveness: Liveness): string {
  if (holder === undefined) return 'Another process';
  if (isThisProcess(holder)) return 'This process';
  if (liveness === 'alive') return `Process ${holder.pid}`;
  return liveness === 'unknown' ? 'A process that cannot be seen from here' : 'Another process';
}
