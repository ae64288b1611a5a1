import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { BUNDLE_SUFFIX } from '../../bundle/batch-names.ts';
import { makeFolder, removeTemporaries, syncFolder, writeError } from '../../store/durable-file.ts';
import { GroupCommit } from '../../store/group-commit.ts';

/** Bundles by receipt id, in folders by its first two digits. A bundle is written once, and never replaced. */
export class ProofFiles {
  readonly #folder: string;
  readonly #files = new GroupCommit();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns the files, and the receipt ids of those that are there. @throws QP8001–QP8008 */
  static async open(folder: string): Promise<{ readonly files: ProofFiles; readonly found: Set<string> }> {
    await makeFolder(folder, 0o700);
    const found = new Set<string>();
    for (const name of await readdir(folder)) {
      await removeTemporaries(path.join(folder, name));
      for (const file of await readdir(path.join(folder, name))) {
        if (file.endsWith(BUNDLE_SUFFIX)) found.add(file.slice(0, -BUNDLE_SUFFIX.length));
      }
    }
    return { files: new ProofFiles(folder), found };
  }

  /** Durably. @throws QP8001–QP8008 */
  async create(receiptId: string, content: string): Promise<void> {
    const file = this.#fileOf(receiptId);
    await this.#makeFolder(path.dirname(file));
    await this.#files.create({ file, content, mode: 0o600 });
  }

  async #makeFolder(folder: string): Promise<void> {
    try {
      const made = await mkdir(folder, { recursive: true, mode: 0o700 });
      if (made !== undefined) await syncFolder(this.#folder);
    } catch (error) {
      throw writeError(error, folder);
    }
  }

  async read(receiptId: string): Promise<string> {
    return readFile(this.#fileOf(receiptId), 'utf8');
  }

  /** Durably. @throws QP8001–QP8008 */
  async remove(receiptIds: readonly string[]): Promise<void> {
    const folders = new Set<string>();
    try {
      for (const id of receiptIds) {
        const file = this.#fileOf(id);
        folders.add(path.dirname(file));
        await rm(file, { force: true });
      }
      for (const folder of folders) await syncFolder(folder).catch(ifThere);
    } catch (error) {
      throw writeError(error, this.#folder);
    }
  }

  #fileOf(receiptId: string): string {
    return path.join(this.#folder, receiptId.slice(0, 2), receiptId + BUNDLE_SUFFIX);
  }
}

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
