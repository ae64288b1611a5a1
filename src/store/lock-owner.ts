import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync, statfsSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Which process holds a lock. Written as a file name, so that one rename replaces one owner by another.
 *
 * A pid alone identifies nobody: every container has its own pid 1, and the system gives a dead process's pid to another.
 */
export interface LockOwner {
  /** How the holder also locked a file through the operating system, if it could. */
  readonly mechanism: LockMechanism;
  /** Boot id of the system; elsewhere than on Linux the host name, as hex digits. */
  readonly system: string;
  /** Namespaces that pids and start times belong to; '0' elsewhere than on Linux. */
  readonly namespaces: string;
  readonly pid: number;
  /** Start of the process in clock ticks since the boot; '0' where it cannot be known. */
  readonly start: string;
  /** 64 random bits as hex: this lock, not another of the same process. */
  readonly random: string;
}

export type LockMechanism = 'addon' | 'flock' | 'none';

/** `unknown`: the process cannot be seen from here, in another container or on another machine. */
export type Liveness = 'alive' | 'dead' | 'unknown';

const NAME = /^(addon|flock|none)\.([0-9a-f]+)\.([0-9]+(?:-[0-9]+)*)\.([0-9]+)\.([0-9]+)\.([0-9a-f]{16})$/;

/** This process, as the owner of a new lock. */
export function thisOwner(mechanism: LockMechanism): LockOwner {
  return {
    mechanism,
    system: systemId(),
    namespaces: namespaces(),
    pid: process.pid,
    start: stateOf('self')?.start ?? '0',
    random: randomBytes(8).toString('hex'),
  };
}

export function ownerName({ mechanism, system, namespaces, pid, start, random }: LockOwner): string {
  return [mechanism, system, namespaces, pid, start, random].join('.');
}

/** @returns undefined for a name that no owner has */
export function parseOwner(name: string): LockOwner | undefined {
  const [, mechanism, system, namespaces, pid, start, random] = NAME.exec(name) ?? [];
  if (random === undefined) return undefined;
  return {
    mechanism: mechanism as LockMechanism,
    system: system!,
    namespaces: namespaces!,
    pid: Number(pid),
    start: start!,
    random,
  };
}

/** Whether the owner of a lock in `folder` still runs, from what this process can see. */
export function livenessOf(owner: LockOwner, folder: string): Liveness {
  if (owner.system !== systemId()) return isLocal(folder) ? 'dead' : 'unknown';
  if (owner.namespaces !== namespaces()) return 'unknown';
  const state = stateOf(owner.pid);
  if (state !== undefined) return state.start === owner.start && !state.ended ? 'alive' : 'dead';
  // No /proc, or one that hides the processes of others: then a pid may be somebody else's.
  return exists(owner.pid) ? 'unknown' : 'dead';
}

export function isThisProcess(owner: LockOwner): boolean {
  const own = thisOwner(owner.mechanism);
  return ownerName({ ...own, random: '' }) === ownerName({ ...owner, random: '' });
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Fields 3 and 22 of /proc/<pid>/stat (proc(5)); the name before them may contain anything, also ')'. */
function stateOf(pid: number | 'self'): { readonly start: string; readonly ended: boolean } | undefined {
  const text = readIfPossible(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Z: a zombie. It holds nothing and waits for its parent. X: dead.
  return { start: fields[19]!, ended: /^[ZXx]/.test(fields[0]!) };
}

function systemId(): string {
  const boot = readIfPossible('/proc/sys/kernel/random/boot_id');
  return boot === undefined ? Buffer.from(hostname()).toString('hex') || '0' : boot.replace(/[^0-9a-f]/g, '');
}

function namespaces(): string {
  const numbers = ['pid', 'time'].map((kind) => {
    try {
      return /\[([0-9]+)\]/.exec(readlinkSync(`/proc/self/ns/${kind}`))?.[1] ?? '0';
    } catch {
      return '0';
    }
  });
  return numbers.join('-');
}

/**
 * Magic numbers (statfs(2)) of file systems that one machine uses at a time: the owner of another boot is then dead.
 * ext, xfs, btrfs, tmpfs, overlay, f2fs, zfs.
 */
const LOCAL = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0xf2f52010, 0x2fc12fc1]);

function isLocal(folder: string): boolean {
  try {
    // Sign-extended on some platforms.
    return LOCAL.has(Number(BigInt.asUintN(32, BigInt(statfsSync(folder).type))));
  } catch {
    return false;
  }
}

function readIfPossible(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
