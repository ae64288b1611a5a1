import path from 'node:path';
import { Refusal } from '@quietproof/verify';
import { MODEL_FILE } from '@quietproof/verify/command/model-records';
import type { AuditSource, ReadFile } from '../sources/audit-source.ts';
import type { CheckResult, SourceEntry } from './checked-record.ts';
import { type RecordBatch, sentFile } from './record-batch.ts';

/** Checks a batch: results in the order of its records. */
export type CheckBatch = (batch: RecordBatch) => Promise<readonly CheckResult[]>;

/** What was checked before, by batches in the order of the sources; undefined once there is no more. */
export interface KnownResults {
  take(entries: readonly SourceEntry[]): Promise<readonly CheckResult[] | undefined>;
}

export interface CheckPlan {
  readonly sources: readonly AuditSource[];
  readonly check: CheckBatch;
  /** Batches that are under way at the same time. */
  readonly underWay: number;
  readonly known?: KnownResults;
  /** Called with each batch in order, before its records are yielded. */
  readonly onChecked?: (entries: readonly SourceEntry[], results: readonly CheckResult[]) => Promise<void>;
}

/** A record with its result; an entry without one was not read, for the reason that it gives. */
export interface CheckedEntry {
  readonly entry: SourceEntry;
  readonly result?: CheckResult;
}

/** Records per batch: enough to share final exponentiations, few enough for threads to end together. */
export const BATCH = 64;
/** Bytes per batch: a folder of files at the limit must not fill the memory. */
const BATCH_BYTES = 1 << 22;
/** Files that are read at the same time: as many as Node reads. */
const READS = 4;

/**
 * Checks all records, and yields all entries in their order. Only the batches under way are in memory, however many
 * entries there are.
 *
 * @throws the error of the system where it says nothing about a file
 */
export async function* checkRecords(plan: CheckPlan): AsyncGenerator<CheckedEntry> {
  const waiting: Promise<Checked>[] = [];
  const conclude = async function* (checked: Checked): AsyncGenerator<CheckedEntry> {
    const { entries, results, isKnown } = checked;
    if (!isKnown) await plan.onChecked?.(entries.filter(isRecord), results);
    const remaining = results.values();
    for (const entry of entries) {
      const next = entry.isRecord ? remaining.next() : undefined;
      yield next === undefined || next.done ? { entry } : { entry, result: next.value };
    }
  };
  try {
    for await (const batch of batchesOf(plan)) {
      waiting.push(batch.checked);
      if (waiting.length >= plan.underWay) yield* conclude(await waiting.shift()!);
    }
    while (waiting.length > 0) yield* conclude(await waiting.shift()!);
  } finally {
    await Promise.allSettled(waiting);
  }
}

interface Checked {
  readonly entries: readonly SourceEntry[];
  readonly results: readonly CheckResult[];
  readonly isKnown: boolean;
}

const isRecord = (entry: SourceEntry) => entry.isRecord;

/** Batches whose check has begun. Their promises are wrapped, because a generator would await them. */
async function* batchesOf({
  sources,
  check,
  known,
}: CheckPlan): AsyncGenerator<{ readonly checked: Promise<Checked> }> {
  const models = new ModelFiles(sources);
  for await (const entries of entryBatches(sources)) {
    const records = entries.filter(isRecord);
    const before = await known?.take(records);
    if (before !== undefined) {
      yield { checked: Promise.resolve({ entries, results: before, isKnown: true }) };
      continue;
    }
    const parts: Promise<readonly CheckResult[]>[] = [];
    for await (const part of readParts(records, models)) {
      // Of files at the limit only one part is in memory.
      await parts.at(-1);
      parts.push(check(part));
    }
    const checked = Promise.all(parts).then((results) => ({
      entries,
      results: results.flat(),
      isKnown: false,
    }));
    // It is awaited in its turn; until then, its failure is no unhandled one.
    checked.catch(() => {});
    yield { checked };
  }
}

/** Batches depend on the sources alone, so that those of an earlier run are found again. */
async function* entryBatches(sources: readonly AuditSource[]): AsyncGenerator<SourceEntry[]> {
  let batch: SourceEntry[] = [];
  for (const [index, source] of sources.entries()) {
    for await (const entry of source.entries()) {
      batch.push({ ...entry, source: index });
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Usually one part. */
async function* readParts(entries: readonly SourceEntry[], models: ModelFiles): AsyncGenerator<RecordBatch> {
  let records: RecordBatch['records'][number][] = [];
  let bytes = 0;
  for (let at = 0; at < entries.length; at += READS) {
    const some = entries.slice(at, at + READS);
    const contents = await Promise.all(some.map((entry) => entry.read()));
    for (const [index, content] of contents.entries()) {
      const { source, path: inSource } = some[index]!;
      records.push({ source, path: inSource, content: sentFile(content) });
      bytes += content instanceof Refusal ? 0 : content.length;
    }
    if (at + READS < entries.length && bytes < BATCH_BYTES) continue;
    yield { records, models: await models.beside(records) };
    records = [];
    bytes = 0;
  }
}

/** Model records beside records, those of the last folders as they were read. */
class ModelFiles {
  readonly #sources: readonly AuditSource[];
  readonly #kept = new Map<string, Promise<ReadFile | undefined>>();

  constructor(sources: readonly AuditSource[]) {
    this.#sources = sources;
  }

  async beside(entries: readonly Pick<SourceEntry, 'source' | 'path'>[]): Promise<RecordBatch['models']> {
    const found: RecordBatch['models'][number][] = [];
    const asked = new Set<string>();
    for (const { source, path: inSource } of entries) {
      const file = path.posix.join(path.posix.dirname(inSource), MODEL_FILE);
      const key = `${source}:${file}`;
      if (asked.has(key)) continue;
      asked.add(key);
      const content = await this.#read(key, source, file);
      if (content !== undefined) found.push({ source, path: file, content: sentFile(content) });
    }
    return found;
  }

  #read(key: string, source: number, file: string): Promise<ReadFile | undefined> {
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= BATCH && !oldest.done) this.#kept.delete(oldest.value);
    const read = this.#sources[source]!.file(file);
    this.#kept.set(key, read);
    return read;
  }
}
