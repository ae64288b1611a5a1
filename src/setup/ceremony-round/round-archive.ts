import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RoundRequest, ServiceInfo } from '../../ceremony/rounds/round-types.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { writeDurably } from '../../store/durable-file.ts';

/** Folder of an artifact with what was sent to contributors and received, for those who derive the key again. */
export const CEREMONY_FOLDER = 'ceremony';

const RECORD = 'round.json';
const REFUSED = 'refused.json';

/** A round with one contributor. Written before anything is sent. */
export interface ArchivedRound {
  readonly url: string;
  readonly contributor: Pick<ServiceInfo, 'keyId' | 'key'>;
  readonly id: string;
  readonly request: RoundRequest;
  /** How many contributions the key had. */
  readonly after: number;
}

/** The files of a round: `round.json`, `sent.*`, `received.*`, `statement.json`; `refused.json` if it came to nothing. */
export class RoundArchive {
  readonly folder: string;
  readonly round: ArchivedRound;

  private constructor(folder: string, round: ArchivedRound) {
    this.folder = folder;
    this.round = round;
  }

  /** All rounds of an artifact, the oldest first. @throws QuietproofError QP6524 */
  static async all(artifact: string): Promise<RoundArchive[]> {
    const root = path.join(artifact, CEREMONY_FOLDER);
    const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const found = await Promise.all(names.sort().map((name) => RoundArchive.#open(path.join(root, name))));
    return found.filter((one) => one !== undefined);
  }

  /** Begins a round: what is sent is on disk before it leaves. */
  static async begin(
    artifact: string,
    round: Omit<ArchivedRound, 'id'>,
    sent: Uint8Array,
  ): Promise<RoundArchive> {
    const id = randomBytes(16).toString('hex');
    const name = `${String(round.after + 1).padStart(4, '0')}-${id.slice(0, 8)}`;
    const archive = new RoundArchive(path.join(artifact, CEREMONY_FOLDER, name), { ...round, id });
    await mkdir(archive.folder, { recursive: true });
    await writeDurably(archive.file('sent'), sent);
    await writeDurably(path.join(archive.folder, RECORD), `${JSON.stringify(archive.round, null, 2)}\n`);
    return archive;
  }

  static async #open(folder: string): Promise<RoundArchive | undefined> {
    const file = path.join(folder, RECORD);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      // Nothing was sent.
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    try {
      const round = JSON.parse(text) as ArchivedRound;
      if (typeof round.url === 'string' && typeof round.id === 'string' && Number.isInteger(round.after)) {
        return new RoundArchive(folder, round);
      }
    } catch {}
    throw new QuietproofError('QP6524', {
      where: file,
      fix: 'Move its folder away, and run the command again',
    });
  }

  file(part: 'sent' | 'received' | 'statement'): string {
    const extension = part === 'statement' ? 'json' : this.round.request.kind === 'key' ? 'zkey' : 'points';
    return path.join(this.folder, `${part}.${extension}`);
  }

  /** What came back, once it is all there. */
  async result(): Promise<RoundResult | undefined> {
    const read = (part: 'received' | 'statement') =>
      readFile(this.file(part)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
    const [received, statement] = [await read('received'), await read('statement')];
    return received === undefined || statement === undefined ? undefined : { received, statement };
  }

  /** Whether the round came to nothing, so that its contributor has to be asked for another one. */
  isRefused(): Promise<boolean> {
    return stat(path.join(this.folder, REFUSED)).then(
      () => true,
      () => false,
    );
  }

  /** Keeps why the round came to nothing and, as evidence, what was returned. */
  async refuse(why: QuietproofError, result?: RoundResult): Promise<void> {
    if (result !== undefined) {
      await writeDurably(path.join(this.folder, 'received.refused'), result.received);
      await writeDurably(path.join(this.folder, 'statement.refused'), result.statement);
    }
    const { code, what } = why;
    await writeDurably(path.join(this.folder, REFUSED), `${JSON.stringify({ code, what })}\n`);
  }

  async keep({ received, statement }: RoundResult): Promise<void> {
    await writeDurably(this.file('received'), received);
    await writeDurably(this.file('statement'), statement);
  }
}

export interface RoundResult {
  readonly received: Uint8Array;
  /** A DSSE envelope. */
  readonly statement: Uint8Array;
}
