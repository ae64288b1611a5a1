import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeError } from '../data/durable-file.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';

const LOCK_FILE = '.quietproof.lock';

/**
 * Prevents two processes from proving into one folder, because both would draw salts for the same rows. The lock of a
 * dead process is taken over.
 *
 * @returns a function that releases the lock
 * @throws QP6203 if another process holds it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, LOCK_FILE);
  if (!(await tryCreate(file))) {
    await removeStale(file);
    if (!(await tryCreate(file))) throw taken(file, 'another process');
  }
  return () => rm(file, { force: true });
}

async function tryCreate(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(`${process.pid}\n`).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    await rm(file, { force: true });
    throw writeError(error, file);
  }
}

async function removeStale(file: string): Promise<void> {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  if (pid !== process.pid && isAlive(pid)) throw taken(file, `process ${pid}`);
  if (pid === process.pid) throw taken(file, 'this process');
  await rm(file, { force: true });
}

/** An empty or unreadable lock was left by a process that died while creating it. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function taken(file: string, who: string): QuietproofError {
  return new QuietproofError('QP6203', {
    what: `${who[0]!.toUpperCase()}${who.slice(1)} is proving into this folder`,
    where: path.dirname(file),
    fix: `Wait for it, or use another --out; if no process is running, delete ${LOCK_FILE} in the folder`,
  });
}
