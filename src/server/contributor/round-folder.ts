import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RoundPart, RoundRequest } from '../../ceremony/rounds/round-types.ts';
import { writeDurably } from '../../store/durable-file.ts';

/** Who asked, what for, and in which order. Written once. */
export interface RoundRecord {
  readonly id: string;
  readonly producer: string;
  readonly keyId: string;
  readonly request: RoundRequest;
  /** When it was announced, in seconds since 1970. */
  readonly announced: number;
}

/** How a round ended. Written once, after everything that it speaks of is on disk. */
export type RoundOutcome =
  | { readonly state: 'done'; readonly sha256: string; readonly bytes: number; readonly at: number }
  | { readonly state: 'failed'; readonly code: string; readonly what: string; readonly at: number };

const RECORD = 'round.json';
const OUTCOME = 'outcome.json';
const GONE = 'gone';

/** The files of one round. */
export class RoundFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Names end as those of the formats do, so that a person can tell them apart. */
  part(part: RoundPart | 'returned' | 'statement', kind: RoundRequest['kind']): string {
    const extension = kind === 'key' ? 'zkey' : 'points';
    const name = {
      file: `received.${extension}`,
      r1cs: 'circuit.r1cs',
      returned: `returned.${extension}`,
      statement: 'statement.json',
    }[part];
    return path.join(this.folder, name);
  }

  async create(record: RoundRecord): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeDurably(path.join(this.folder, RECORD), `${JSON.stringify(record, null, 2)}\n`, 0o600);
  }

  record(): Promise<RoundRecord | undefined> {
    return readJson(path.join(this.folder, RECORD));
  }

  outcome(): Promise<RoundOutcome | undefined> {
    return readJson(path.join(this.folder, OUTCOME));
  }

  end(outcome: RoundOutcome): Promise<void> {
    return writeDurably(path.join(this.folder, OUTCOME), `${JSON.stringify(outcome)}\n`, 0o600);
  }

  isGone(): Promise<boolean> {
    return exists(path.join(this.folder, GONE));
  }

  /** Deletes what was received and returned. That the round was there stays known: it is never worked on again. */
  async clear(kind: RoundRequest['kind']): Promise<void> {
    await writeDurably(path.join(this.folder, GONE), '', 0o600);
    for (const part of ['file', 'r1cs', 'returned', 'statement'] as const) {
      await rm(this.part(part, kind), { force: true });
    }
  }

  has(part: RoundPart, kind: RoundRequest['kind']): Promise<boolean> {
    return exists(this.part(part, kind));
  }
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function readJson<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as T);
}
