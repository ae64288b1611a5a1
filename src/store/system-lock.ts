import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, openSync, rmSync, statSync } from 'node:fs';
import type { LockMechanism } from './lock-owner.ts';

/** @returns whether the lock was taken; undefined if the file system or the system has no such locks */
type TryLock = (descriptor: number) => boolean | undefined;

/** A lock of the operating system: it ends with the process, whatever ends that, and holds across containers. */
export interface SystemLock {
  readonly mechanism: Exclude<LockMechanism, 'none'>;
  readonly tryLock: TryLock;
}

/**
 * Ways to lock a file, best first: the addon fs-native-extensions (fcntl's locks of open files on Linux, flock on macOS,
 * LockFileEx on Windows); the program flock of util-linux or busybox, which locks a descriptor that it shares with this
 * process (Alpine Linux, for which the addon is not built).
 */
export async function systemLocks(): Promise<SystemLock[]> {
  const addon = await import('fs-native-extensions').catch(() => undefined);
  if (addon === undefined) return process.platform === 'win32' ? [] : [programLock];
  return [{ mechanism: 'addon', tryLock: (descriptor) => withAddon(addon.tryLock, descriptor) }];
}

export const programLock: SystemLock = { mechanism: 'flock', tryLock: flock };

const UNSUPPORTED = new Set(['ENOLCK', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'EBADF']);

function withAddon(tryLock: (descriptor: number) => boolean, descriptor: number): boolean | undefined {
  try {
    return tryLock(descriptor);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EACCES' || code === 'EBUSY') return false;
    if (UNSUPPORTED.has(code)) return undefined;
    throw error;
  }
}

/** Status 1: another process has the lock. 127 or no status: there is no such program. */
function flock(descriptor: number): boolean | undefined {
  const { status } = spawnSync('flock', ['-x', '-n', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
  });
  return status === 0 ? true : status === 1 ? false : undefined;
}

/** A lock that is held: closing the descriptor releases it. */
export interface HeldFile {
  readonly state: 'held';
  readonly release: () => void;
}

/**
 * Locks a file, which is created. The holder removes it before the lock ends; so whoever has locked a file looks
 * whether it is still the one of that name, and otherwise tries again.
 */
export function lockFile(
  file: string,
  { tryLock }: SystemLock,
): HeldFile | { readonly state: 'taken' | 'unsupported' } {
  for (;;) {
    const descriptor = openSync(file, 'a+');
    const locked = tryLock(descriptor);
    if (locked === true && isStill(file, descriptor)) {
      return {
        state: 'held',
        release() {
          rmSync(file, { force: true });
          closeSync(descriptor);
        },
      };
    }
    closeSync(descriptor);
    if (locked !== true) return { state: locked === false ? 'taken' : 'unsupported' };
  }
}

function isStill(file: string, descriptor: number): boolean {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  const own = fstatSync(descriptor, { bigint: true });
  return found !== undefined && found.ino === own.ino && found.dev === own.dev;
}
