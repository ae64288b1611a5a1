import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../../data/sha256.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { removeTemporaries } from '../../store/durable-file.ts';
import { GroupCommit } from '../../store/group-commit.ts';

/** What is kept of every contribution for ever. */
export interface RecordEntry {
  readonly round: string;
  readonly producer: string;
  readonly keyId: string;
  /** The signed statement: a DSSE envelope. */
  readonly statement: unknown;
}

const NAME = /^[0-9]{8}\.json$/;

/**
 * The service's own record: one file for each contribution, numbered, each with the digest of the one before, so that none can
 * be changed or left out unseen. Files are created and never replaced.
 */
export class ContributionRecord {
  readonly #folder: string;
  readonly #commit = new GroupCommit();
  readonly #rounds: Set<string>;
  #count: number;
  #last: string;

  private constructor(folder: string, rounds: Set<string>, count: number, last: string) {
    this.#folder = folder;
    this.#rounds = rounds;
    this.#count = count;
    this.#last = last;
  }

  /** @throws QuietproofError QP6513 if an entry is missing or was changed; QP8001–QP8008 */
  static async open(folder: string): Promise<ContributionRecord> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeTemporaries(folder);
    const names = (await readdir(folder)).filter((name) => NAME.test(name)).sort();
    const rounds = new Set<string>();
    let last = '';
    for (const [at, name] of names.entries()) {
      const file = path.join(folder, name);
      const content = await readFile(file, 'utf8');
      const entry = entryIn(content);
      if (name !== nameOf(at + 1) || entry?.previous !== last || typeof entry.round !== 'string') {
        throw new QuietproofError('QP6513', { where: file });
      }
      rounds.add(entry.round);
      last = sha256(content);
    }
    return new ContributionRecord(folder, rounds, names.length, last);
  }

  has(round: string): boolean {
    return this.#rounds.has(round);
  }

  /** Returns once the entry is on disk. One at a time. @throws QuietproofError QP6513, QP8001–QP8008 */
  async add(entry: RecordEntry): Promise<void> {
    const index = this.#count + 1;
    const content = `${JSON.stringify({ index, previous: this.#last, ...entry }, null, 2)}\n`;
    const file = path.join(this.#folder, nameOf(index));
    const isNew = await this.#commit.create({ file, content, mode: 0o600 });
    if (!isNew) throw new QuietproofError('QP6513', { what: 'Somebody else writes the record', where: file });
    this.#rounds.add(entry.round);
    this.#count = index;
    this.#last = sha256(content);
  }
}

function nameOf(index: number): string {
  return `${String(index).padStart(8, '0')}.json`;
}

function entryIn(content: string): { readonly previous?: unknown; readonly round?: unknown } | undefined {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
