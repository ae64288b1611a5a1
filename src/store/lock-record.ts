import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type LockOwner, ownerName, parseOwner } from './lock-owner.ts';

/** Codes of a rename onto a folder that is not empty; Windows has others, also for an empty one. */
const OCCUPIED = new Set(
  process.platform === 'win32' ? ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'] : ['ENOTEMPTY', 'EEXIST'],
);
/** Each round is lost to another process that took or released the lock meanwhile. */
const ROUNDS = 1000;

/**
 * The record of a lock's owner: a folder that holds one empty file, whose name is the owner. Both ways of becoming the
 * owner are one rename, so that of several processes that try, one succeeds:
 *
 * - no owner: rename a folder that already contains one's name to the record's name, which fails if it is not empty;
 * - a dead owner: rename the file with its name to one's own. Its name is unique, so the rename fails for whoever comes
 *   second, and never takes the lock from another than the owner that was judged dead.
 *
 * @param mayTake judges the present owner; false leaves it
 * @returns the owner that keeps the lock, or undefined if `own` has it now
 */
export function claimRecord(
  record: string,
  own: LockOwner,
  mayTake: (owner: LockOwner) => boolean,
): LockOwner | undefined {
  for (let round = 0; round < ROUNDS; round += 1) {
    const present = presentOwner(record);
    if (present === undefined) {
      if (placeRecord(record, own)) return undefined;
    } else {
      if (!mayTake(present)) return present;
      if (tryRename(path.join(record, ownerName(present)), path.join(record, ownerName(own))))
        return undefined;
    }
  }
  throw new Error(`the lock ${record} changes hands all the time`);
}

export function releaseRecord(record: string, own: LockOwner): void {
  rmSync(path.join(record, ownerName(own)), { force: true });
  removeIfEmpty(record);
}

/** Removes what processes left that were killed while they tried to take the lock. Only the owner may do this. */
export function sweepCandidates(record: string): void {
  const folder = path.dirname(record);
  const prefix = `${path.basename(record)}.`;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix)) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

/** @returns undefined if nobody has the lock */
export function presentOwner(record: string): LockOwner | undefined {
  try {
    return readdirSync(record)
      .map(parseOwner)
      .find((owner) => owner !== undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @returns false if another process was first, or removed the candidate as a leftover */
function placeRecord(record: string, own: LockOwner): boolean {
  const candidate = `${record}.${randomBytes(8).toString('hex')}`;
  mkdirSync(candidate);
  try {
    writeFileSync(path.join(candidate, ownerName(own)), '');
    renameSync(candidate, record);
    return true;
  } catch (error) {
    rmSync(candidate, { recursive: true, force: true });
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code !== 'ENOENT' && !OCCUPIED.has(code)) throw error;
    removeIfEmpty(record);
    return false;
  }
}

function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not empty: it has another owner already. Missing: another process removed it.
  }
}
