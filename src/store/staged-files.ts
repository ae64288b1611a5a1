import { mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder, writeDurably, writeError } from './durable-file.ts';
import { lockFolder } from './folder-lock.ts';

/** Name of a stage within its target; mkdtemp adds six characters. */
const STAGE = '.staged-';
/** In a stage: from the moment it exists, the stage's files belong in the target. */
const DECISION = '.commit.json';

export interface Commit {
  /**
   * The staged file without which the target is not read, such as a manifest. It is absent from the target while the
   * other files are moved: a reader finds the old files, no marker, or the new files, and never a mixture with one.
   */
  readonly marker: string;
  /** Files of the target that the new ones make stale, unless there is a new one of the same name. */
  readonly remove?: readonly string[];
}

/**
 * Files that enter a folder together. They are written into a hidden folder within it, the stage. `commit` makes them
 * durable, then decides by creating one file, then moves them. A process that dies before the decision has changed
 * nothing; after it, the next one to call `settle` moves the rest. The caller holds the folder's lock.
 */
export class StagedFiles {
  /** Where to write the files. */
  readonly folder: string;
  readonly #target: string;

  private constructor(target: string, folder: string) {
    this.#target = target;
    this.folder = folder;
  }

  /** Finishes or removes earlier stages, and opens a new one. @throws QP8001–QP8008 */
  static async open(target: string): Promise<StagedFiles> {
    try {
      await settle(target);
      return new StagedFiles(target, await mkdtemp(path.join(target, STAGE)));
    } catch (error) {
      throw writeError(error, target);
    }
  }

  /** @throws QP8001–QP8008; before the decision the target is then unchanged */
  async commit({ marker, remove = [] }: Commit): Promise<void> {
    try {
      const names = await readdir(this.folder);
      for (const name of names) await syncFile(path.join(this.folder, name));
      await syncFolder(this.folder);
      // Of those that are staged, the new ones would be removed when an interrupted move is repeated.
      const commit = { marker, remove: remove.filter((name) => !names.includes(name)) };
      await writeDurably(path.join(this.folder, DECISION), JSON.stringify(commit));
      await syncFolder(this.#target);
      await move(this.#target, this.folder, commit);
    } catch (error) {
      throw writeError(error, this.#target);
    }
  }

  /** Removes the stage, unless it has been decided on: then `settle` finishes it. */
  async discard(): Promise<void> {
    if ((await readDecision(this.folder)) === undefined)
      await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Finishes what a process has left that died while it moved its files. To be called before a folder is read; it looks
 * for a stage, and takes the folder's lock only if there is one to finish.
 *
 * @throws QP6206 if another process is moving files now; QP8001–QP8008
 */
export async function settleFolder(target: string): Promise<void> {
  const stages = await stagesOf(target);
  const decided = await Promise.all(stages.map(readDecision));
  if (decided.every((commit) => commit === undefined)) return;
  const lock = await lockFolder(target, { purpose: 'change' });
  try {
    await settle(target);
  } catch (error) {
    throw writeError(error, target);
  } finally {
    lock.release();
  }
}

async function settle(target: string): Promise<void> {
  for (const stage of await stagesOf(target)) {
    const commit = await readDecision(stage);
    if (commit === undefined) await rm(stage, { recursive: true, force: true });
    else await move(target, stage, commit);
  }
}

/** Can be repeated from any point: the marker moves last, so a stage without one has nothing left to move. */
async function move(target: string, stage: string, { marker, remove = [] }: Commit): Promise<void> {
  const names = await readdir(stage);
  if (names.includes(marker)) {
    await rm(path.join(target, marker), { force: true });
    await syncFolder(target);
    for (const name of remove) await rm(path.join(target, name), { force: true });
    for (const name of names.filter((one) => one !== marker && one !== DECISION)) {
      await rename(path.join(stage, name), path.join(target, name));
    }
    await syncFolder(target);
    await rename(path.join(stage, marker), path.join(target, marker));
    await syncFolder(target);
  }
  await rm(stage, { recursive: true, force: true });
}

async function stagesOf(target: string): Promise<string[]> {
  const names = await readdir(target).catch(() => []);
  return names.filter((name) => name.startsWith(STAGE)).map((name) => path.join(target, name));
}

async function readDecision(stage: string): Promise<Commit | undefined> {
  const text = await readFile(path.join(stage, DECISION), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as Commit);
}

async function syncFile(file: string): Promise<void> {
  if (!(await stat(file)).isFile()) return;
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
