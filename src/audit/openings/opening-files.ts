import path from 'node:path';
import { OPENING_SUFFIX, PRIVATE_FOLDER } from '../../bundle/batch-names.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { AuditSource, ReadFile } from '../sources/audit-source.ts';
import { openSource } from '../sources/open-source.ts';
import { recordStem } from '../sources/record-names.ts';

/** Finds the opening of a record by the record's name. */
export class OpeningFiles {
  readonly #sources: readonly AuditSource[];
  readonly #given: readonly AuditSource[];

  private constructor(sources: readonly AuditSource[], given: readonly AuditSource[]) {
    [this.#sources, this.#given] = [sources, given];
  }

  /**
   * @param sources of the records
   * @param folders folders and archives with openings
   * @throws QP6602, QP6604, QP6605; QP1002 for a path that does not exist
   */
  static async open(sources: readonly AuditSource[], folders: readonly string[]): Promise<OpeningFiles> {
    const given: AuditSource[] = [];
    const files = new OpeningFiles(sources, given);
    try {
      for (const folder of folders) {
        const source = await openSource(folder);
        given.push(source);
        if (source.kind === 'log') {
          throw new QuietproofError('QP6605', { what: 'A log holds no openings', where: folder });
        }
        // What stands in an archive is known once it was gone through.
        await source.count?.();
      }
      return files;
    } catch (error) {
      await files.close();
      throw error;
    }
  }

  /** @returns undefined if there is none; why it was not read */
  async of(source: number, inSource: string): Promise<ReadFile | undefined> {
    const { dir, base } = path.posix.parse(inSource);
    const name = recordStem(base) + OPENING_SUFFIX;
    const beside = path.posix.join(dir, PRIVATE_FOLDER, name);
    // Of several sources, two may have records of one name.
    const own = this.#sources.length > 1 ? path.basename(this.#sources[source]!.name) : '';
    for (const given of this.#given) {
      for (const one of [path.posix.join(own, dir, name), path.posix.join(own, beside)]) {
        const found = await given.file(one);
        if (found !== undefined) return found;
      }
    }
    return this.#sources[source]!.file(beside);
  }

  async close(): Promise<void> {
    await Promise.all(this.#given.map((source) => source.close()));
  }
}
