import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../data/sha256.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { makeFolder, writeError } from '../store/durable-file.ts';
import { type FolderLock, lockFolder } from '../store/folder-lock.ts';
import { StagedFiles } from '../store/staged-files.ts';
import { ARTIFACT, KEY_FILES } from './file-names.ts';

/**
 * Collects the files of an artifact in a hidden folder inside the target and moves them into place together, so that
 * an interrupted or failed compilation leaves the previous artifact untouched. The target is locked until `close`.
 */
export class ArtifactStage {
  readonly #target: string;
  readonly #lock: FolderLock;
  readonly #files: StagedFiles;
  readonly #digests = new Map<string, string>();

  private constructor(target: string, lock: FolderLock, files: StagedFiles) {
    this.#target = target;
    this.#lock = lock;
    this.#files = files;
  }

  get folder(): string {
    return this.#files.folder;
  }

  /**
   * @param target created if missing; otherwise it must be empty or hold an artifact
   * @throws QuietproofError QP4201, QP6206 (another process is changing it), QP8001–QP8008
   */
  static async open(target: string): Promise<ArtifactStage> {
    await makeFolder(target);
    const lock = await lockFolder(target, { purpose: 'change' });
    try {
      const files = await StagedFiles.open(target);
      const stage = new ArtifactStage(target, lock, files);
      await requireArtifact(target).catch(async (error: unknown) => {
        await files.discard();
        throw error;
      });
      return stage;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** sha256 of the files staged so far, by name. */
  get digests(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#digests);
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    await writeFile(path.join(this.folder, name), content).catch((error) => {
      throw writeError(error, path.join(this.#target, name));
    });
    this.#digests.set(name, sha256(content));
  }

  /** Records the digest of a file that is already in the stage, and returns its bytes. */
  async adopt(name: string): Promise<Buffer> {
    const content = await readFile(path.join(this.folder, name));
    this.#digests.set(name, sha256(content));
    return content;
  }

  /**
   * Moves everything into place. A key already in the target stays if it belongs to the same circuit.
   *
   * @throws QuietproofError QP4204 if it belongs to another circuit: a key may come from a ceremony, so it is never
   *   dropped
   */
  async commit(): Promise<void> {
    await this.#guardKey();
    await this.#files.commit({ marker: ARTIFACT.manifest });
  }

  /** Removes what was not committed, and unlocks the target. */
  async close(): Promise<void> {
    try {
      await this.#files.discard();
    } finally {
      this.#lock.release();
    }
  }

  async #guardKey(): Promise<void> {
    const hasKey = await stat(path.join(this.#target, KEY_FILES.zkey)).catch(() => undefined);
    if (hasKey === undefined) return;
    const before = await readFile(path.join(this.#target, ARTIFACT.r1cs)).catch(() => new Uint8Array());
    if (sha256(before) === this.#digests.get(ARTIFACT.r1cs)) return;
    throw new QuietproofError('QP4204', {
      where: path.basename(this.#target),
      fix: `Choose another folder with --out, or move ${KEY_FILES.zkey} away`,
    });
  }
}

/** An empty folder, or one with an artifact. @throws QuietproofError QP4201 */
async function requireArtifact(target: string): Promise<void> {
  const entries = (await readdir(target)).filter((name) => !name.startsWith('.'));
  if (entries.length === 0 || entries.includes(ARTIFACT.manifest)) return;
  const fix = 'Choose another folder with --out';
  throw new QuietproofError('QP4201', { where: path.basename(target), fix });
}
