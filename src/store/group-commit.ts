import path from 'node:path';
import { placeTemporary, syncFolder, writeError, writeTemporary } from './durable-file.ts';

export interface NewFile {
  readonly file: string;
  readonly content: string | Uint8Array;
  /** Default: 0o644. */
  readonly mode?: number;
}

interface Waiting extends NewFile {
  readonly resolve: (created: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Creates files durably, many at a time. Files that are asked for while a group is being written form the next group. The
 * files of a group are synced at once, so that the file system commits them together, and each folder once: n files in one
 * folder take n + 1 syncs, n of them in parallel, where writing them one by one takes 2 n in sequence.
 *
 * A file is never replaced. What has to be on disk before something else is awaited before that is asked for.
 */
export class GroupCommit {
  #waiting: Waiting[] = [];
  #writing = false;

  /**
   * @returns once the file is durable, true; false if there is a file of that name already, which stays as it is
   * @throws QP8001–QP8008
   */
  create(file: NewFile): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...file, resolve, reject });
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

/** Settles every file of the group, each with its own outcome. */
async function commit(group: readonly Waiting[]): Promise<void> {
  const placed = await Promise.all(
    group.map(async (one) => ({
      one,
      created: await place(one).catch((error: unknown) => one.reject(error)),
    })),
  );
  const folders = new Map<string, typeof placed>();
  for (const found of placed) {
    const folder = path.dirname(found.one.file);
    folders.set(folder, [...(folders.get(folder) ?? []), found]);
  }
  await Promise.all(
    Array.from(folders, async ([folder, files]) => {
      const failed = await syncFolder(folder).then(
        () => undefined,
        (error: unknown) => writeError(error, folder),
      );
      for (const { one, created } of files) {
        if (failed !== undefined) one.reject(failed);
        else if (created !== undefined) one.resolve(created);
      }
    }),
  );
}

async function place({ file, content, mode = 0o644 }: NewFile): Promise<boolean> {
  return placeTemporary(await writeTemporary(file, content, mode), file);
}
