import { access, mkdir, opendir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { BUNDLE_SUFFIX } from '../../bundle/batch-names.ts';
import { isTemporary, makeFolder, syncFolder, writeError } from '../../store/durable-file.ts';
import { GroupCommit } from '../../store/group-commit.ts';

/** Bundles by receipt id, in folders by its first two digits. A bundle is written once, and never replaced. */
export class ProofFiles {
  readonly #folder: string;
  readonly #files = new GroupCommit();
  readonly #swept: Promise<void>;
  #closed = false;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#swept = this.#sweep().catch(() => {});
  }

  /** @throws QP8001–QP8008 */
  static async open(folder: string): Promise<ProofFiles> {
    await makeFolder(folder, 0o700);
    return new ProofFiles(folder);
  }

  /** Removes what killed processes have left, before anything is written, and while answers are given: it looks at each name. */
  async #sweep(): Promise<void> {
    for await (const { name } of await opendir(this.#folder)) {
      for await (const entry of await opendir(path.join(this.#folder, name))) {
        if (this.#closed) return;
        if (isTemporary(entry.name)) await rm(path.join(entry.parentPath, entry.name), { force: true });
      }
    }
  }

  async has(receiptId: string): Promise<boolean> {
    return access(this.#fileOf(receiptId)).then(
      () => true,
      () => false,
    );
  }

  /** Durably. @throws QP8001–QP8008 */
  async create(receiptId: string, content: string): Promise<void> {
    await this.#swept;
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

  async close(): Promise<void> {
    this.#closed = true;
    await this.#swept;
  }

  #fileOf(receiptId: string): string {
    return path.join(this.#folder, receiptId.slice(0, 2), receiptId + BUNDLE_SUFFIX);
  }
}

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
