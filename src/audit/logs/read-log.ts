import path from 'node:path';
import { Refusal } from '@quietproof/verify';
import { type Checkpoint, equal, readCheckpoint, TILE_WIDTH } from '@quietproof/verify/log';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { readLogThrough } from '../../log/examine/log-reader.ts';
import type { AuditSource } from '../sources/audit-source.ts';
import { LogContent } from './log-content.ts';
import { LogHistory } from './log-history.ts';

/** A checkpoint as a file of a source. Nothing of it is checked. */
export interface FoundCheckpoint {
  /** Index of its source. */
  readonly source: number;
  readonly path: string;
  readonly text: string;
  readonly checkpoint: Checkpoint;
}

/** A log whose entries were read. */
export interface ReadLog extends FoundCheckpoint {
  readonly content: LogContent;
  /** Of the entries that could be read: they may be fewer than the checkpoint counts. */
  readonly history: LogHistory;
  /** Why not all of them could be. */
  readonly broken?: { readonly detail: string; readonly code: string };
}

/** @throws Refusal if it is none; QP6540 if the log cannot be reached */
export async function readFoundCheckpoint(
  source: AuditSource,
  index: number,
  inSource: string,
): Promise<FoundCheckpoint> {
  const bytes = await source.file(inSource);
  if (bytes === undefined) throw new Refusal('QP7014', { where: `${inSource}: it is not there` });
  if (bytes instanceof Refusal) throw bytes;
  const text = new TextDecoder().decode(bytes);
  return { source: index, path: inSource, text, checkpoint: readCheckpoint(text) };
}

/**
 * Reads the entries below a checkpoint, one bundle after the other.
 *
 * @returns undefined if there is no log beside it: a checkpoint alone is none
 * @throws QP6540 if the log cannot be reached
 */
export async function readLogAt(source: AuditSource, found: FoundCheckpoint): Promise<ReadLog | undefined> {
  const folder = path.posix.dirname(found.path);
  if (!source.evidence.logs.has(folder === '.' ? '' : `${folder}/`)) return undefined;
  const { size, root } = found.checkpoint;
  const [content, history] = [new LogContent(), new LogHistory()];
  const files = new LogFiles(source, folder);
  const reader = readLogThrough((name) => files.read(name), found.path);
  const ended = (broken?: ReadLog['broken']): ReadLog => ({
    ...found,
    ...{ content, history },
    ...(broken !== undefined && { broken }),
  });
  for (let index = 0; history.size < size; index += 1) {
    try {
      const bundle = await reader.bundle(index, Math.min(TILE_WIDTH, size - history.size));
      for (const entry of bundle) {
        content.add(entry, history.size);
        history.append(entry);
      }
    } catch (error) {
      // A log that cannot be reached is no finding.
      if (files.isUnreachable || !(error instanceof Refusal || isUnreadable(error))) throw error;
      const detail = `entries from ${history.size} on cannot be read`;
      return ended({ detail, code: (error as Refusal).code });
    }
  }
  const isWhole = equal(await history.rootAt(size), root);
  return ended(isWhole ? undefined : { detail: 'its entries do not lead to its checkpoint', code: 'QP6541' });
}

/** The files of a log in a source. */
class LogFiles {
  /** Reading failed in a way that says nothing about the log. */
  isUnreachable = false;
  readonly #source: AuditSource;
  readonly #prefix: string;

  constructor(source: AuditSource, folder: string) {
    this.#source = source;
    this.#prefix = folder === '.' ? '' : `${folder}/`;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    let found: Awaited<ReturnType<AuditSource['file']>>;
    try {
      found = await this.#source.file(`${this.#prefix}${name}`);
    } catch (error) {
      this.isUnreachable = true;
      throw error;
    }
    if (found instanceof Refusal) throw found;
    return found;
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof QuietproofError && error.code === 'QP6540';
}
