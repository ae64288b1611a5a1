import { mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { thisMachine } from '../prover/worker-count.ts';
import { formatBytes, plural } from '../text/units.ts';
import type { EnvironmentCheck } from './check.ts';

/** Oldest supported release of each major version. Newer major versions are accepted. */
const OLDEST: readonly (readonly [major: number, minor: number])[] = [
  [20, 19],
  [22, 12],
];

export function checkNode(version: string): EnvironmentCheck {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const oldest = OLDEST.find(([known]) => known === major);
  const old = oldest === undefined ? major < 20 : minor < oldest[1];
  const found = `${version} on ${process.platform} ${process.arch}`;
  if (old) return { name: 'Node', status: 'fail', found, fix: 'Install Node 20.19 or later from nodejs.org' };
  return { name: 'Node', status: 'ok', found };
}

export function checkCores(): EnvironmentCheck {
  const { cores } = thisMachine();
  const found = `${plural(cores, 'core')}: ${cores === 1 ? 'one proof' : `${cores} proofs`} at a time`;
  if (cores > 1) return { name: 'Cores', status: 'ok', found };
  return {
    name: 'Cores',
    status: 'warn',
    found,
    fix: 'Give the process more cores to prove several rows at once',
  };
}

/** In bytes. Compiling the largest models in docs/builder/costs.md takes about 1 GB; small ones need far less. */
const COMFORTABLE_MEMORY = 2e9;

export function checkMemory(): EnvironmentCheck {
  const { freeMemory } = thisMachine();
  const found = `${formatBytes(freeMemory)} free`;
  if (freeMemory >= COMFORTABLE_MEMORY) return { name: 'Memory', status: 'ok', found };
  const fix = 'Close other programs or raise the limit to 2 GB before compiling models of LeNet size';
  return { name: 'Memory', status: 'warn', found, fix };
}

const COMFORTABLE_DISK = 1e9;

/** Writes to the folder, or to its nearest existing parent. */
export async function checkDisk(folder: string): Promise<EnvironmentCheck> {
  const place = await nearestFolder(path.resolve(folder));
  try {
    await rm(await mkdtemp(path.join(place, '.quietproof-doctor-')), { recursive: true });
  } catch {
    const fix = `Make ${place} writable, or pass --out with a folder that is`;
    return { name: 'Disk', status: 'fail', found: `cannot write to ${place}`, fix };
  }
  const { bavail, bsize } = await statfs(place);
  const found = `${formatBytes(bavail * bsize)} free in ${place}`;
  if (bavail * bsize >= COMFORTABLE_DISK) return { name: 'Disk', status: 'ok', found };
  return { name: 'Disk', status: 'warn', found, fix: 'Free 1 GB: keys of larger models need it' };
}

async function nearestFolder(folder: string): Promise<string> {
  const isFolder = await stat(folder).then(
    (info) => info.isDirectory(),
    () => false,
  );
  return isFolder || path.dirname(folder) === folder ? folder : nearestFolder(path.dirname(folder));
}
