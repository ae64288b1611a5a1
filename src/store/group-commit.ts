import { rm } from 'node:fs/promises';
import path from 'node:path';
import { placeTemporary, syncFolder, writeError, writeTemporary } from './durable-file.ts';

export interface NewFile {
  readonly file: string;
  readonly content: string | Uint8Array;
  /** Default: 0o644. */
  readonly mode?: number;
}

/** Files that are created one after another: the next only after the one before is on disk. */
interface Waiting {
  readonly files: readonly NewFile[];
  readonly resolve: (created: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Creates files durably, many at a time. What is asked for while a group is being written forms the next group.
 *
 * A file appears under its name only after its content is on disk, whole; so after `kill -9` or a power failure it is
 * complete or absent. A sequence of files, such as an opening and its bundle, keeps its order on disk too:
 *
 * 1. the contents of all files of the group are written under temporary names and synced, side by side;
 * 2. the first file of each sequence gets its name, and each folder is synced once: all of them are durable now;
 * 3. then the second ones, and so on.
 *
 * A power failure in step 2 may keep some names of step 2 and lose others, but none of step 3 exists yet: the system
 * writes a name to the disk only after the call that made it, and that call follows the sync. So n sequences of two files
 * take 2 n + 2 syncs, 2 n of them in parallel, where writing them one by one takes 4 n in sequence.
 *
 * A file is never replaced.
 */
export class GroupCommit {
  #waiting: Waiting[] = [];
  #writing = false;

  /**
   * @returns once the file is durable, true; false if there is a file of that name already, which stays as it is
   * @throws QP8001–QP8008
   */
  async create(file: NewFile): Promise<boolean> {
    return (await this.createInOrder([file])) === 1;
  }

  /**
   * Creates files one after another, up to the first of whose name there is one already, which stays as it is.
   *
   * @returns how many it has created, once these are durable
   * @throws QP8001–QP8008
   */
  createInOrder(files: readonly NewFile[]): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ files, resolve, reject });
      if (!this.#writing) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await commit(group);
    }
    this.#writing = false;
  }
}

/** A sequence whose contents are on disk. */
interface Written {
  readonly asked: Waiting;
  readonly temporaries: readonly string[];
  created: number;
}

/** Settles every sequence of the group, each with its own outcome. */
async function commit(group: readonly Waiting[]): Promise<void> {
  const written = await Promise.all(group.map(writeAll));
  let placing = written.filter((one) => one !== undefined);
  for (let step = 0; placing.length > 0; step += 1) {
    const placed = await Promise.all(placing.map((one) => placeNext(one, step)));
    placing = await settle(
      placed.filter((one) => one !== undefined),
      step,
    );
  }
}

async function writeAll(asked: Waiting): Promise<Written | undefined> {
  const results = await Promise.allSettled(
    asked.files.map(({ file, content, mode = 0o644 }) => writeTemporary(file, content, mode)),
  );
  const temporaries = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = results.find((one) => one.status === 'rejected');
  if (failed === undefined) return { asked, temporaries, created: 0 };
  await removeAll(temporaries);
  asked.reject(failed.reason);
  return undefined;
}

/** @returns undefined once the sequence is settled */
async function placeNext(one: Written, step: number): Promise<Written | undefined> {
  const { asked, temporaries } = one;
  try {
    if (await placeTemporary(temporaries[step]!, asked.files[step]!.file)) one.created += 1;
    return one;
  } catch (error) {
    await removeAll(temporaries.slice(step + 1));
    asked.reject(error);
    return undefined;
  }
}

/** Syncs each folder once. @returns the sequences that go on */
async function settle(placed: readonly Written[], step: number): Promise<Written[]> {
  const folderOf = ({ asked }: Written) => path.dirname(asked.files[step]!.file);
  const failures = new Map<string, unknown>();
  await Promise.all(
    Array.from(new Set(placed.map(folderOf)), (folder) =>
      syncFolder(folder).catch((error: unknown) => failures.set(folder, writeError(error, folder))),
    ),
  );
  const going: Written[] = [];
  for (const one of placed) {
    const { asked, temporaries, created } = one;
    const folder = folderOf(one);
    if (!failures.has(folder) && created === step + 1 && created < asked.files.length) {
      going.push(one);
      continue;
    }
    await removeAll(temporaries.slice(step + 1));
    if (failures.has(folder)) asked.reject(failures.get(folder));
    else asked.resolve(created);
  }
  return going;
}

async function removeAll(temporaries: readonly string[]): Promise<void> {
  await Promise.all(temporaries.map((temporary) => rm(temporary, { force: true })));
}
