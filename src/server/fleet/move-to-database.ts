import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { noteKeyText, readCheckpoint, TILE_WIDTH } from '@quietproof/verify/log';
import { readLogEntry } from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { readLog } from '../../log/examine/log-reader.ts';
import { noteSigner } from '../../log/note-signer.ts';
import { RightEdge } from '../../log/right-edge.ts';
import { TileLog } from '../../log/tile-log.ts';
import { writeDurably } from '../../store/durable-file.ts';
import { lockFolder } from '../../store/folder-lock.ts';
import { Announcements } from '../serve/announcements.ts';
import { ENDPOINT_FILES } from '../serve/endpoint-files.ts';
import { loggedLeaves } from '../serve/logged-leaves.ts';
import { ProofFiles } from '../serve/proof-files.ts';
import { knownAnswer, Replay, SealedAnswers, setLane } from '../serve/sealed-answers.ts';
import { type AnnouncedRecord, isEntry, type SealedRecord } from '../serve/store/answer-store.ts';
import { EmbeddedStore } from '../serve/store/embedded-store.ts';
import { TimestampFiles } from '../serve/timestamp-files.ts';
import { type AnswerProgress, insertAnswers } from './answer-rows.ts';
import { Database, type Sql } from './database.ts';
import { DatabaseLog, storeTiles } from './database-log.ts';
import { erasedPrefixOf, rememberErased } from './erased-rows.ts';
import type { InputsKey } from './inputs-key.ts';
import { insertAnnouncement, insertModel } from './model-rows.ts';
import { moveNotices, moveReceivers, type Receivers, readReceivers } from './move-notices.ts';
import { compareTimestamps, moveTimestamps } from './move-timestamps.ts';
import { different } from './moved-otherwise.ts';
import { countNotices } from './notice-rows.ts';
import { loadPackages } from './packages.ts';
import { PostgresStore } from './postgres-store.ts';
import { ProofQueue } from './queue.ts';
import { openSchema, SCHEMA } from './schema.ts';

export interface MoveOptions {
  /** Of an endpoint that is closed. */
  readonly folder: string;
  readonly database: string;
  readonly inputsKey: InputsKey;
  readonly origin: string;
  readonly key: KeyObject;
}

/** What was moved, and read again from the database. */
export interface Moved {
  readonly entries: number;
  readonly answers: number;
  readonly proofs: number;
  /** Proofs that are due and not there: the fleet's work. */
  readonly waiting: number;
  /** Answers whose retention had ended. */
  readonly erased: number;
  /** Of checkpoints. */
  readonly timestamps: number;
  /** To webhooks, which are owed. */
  readonly notices: number;
}

type MovedEntries = Omit<Moved, 'timestamps'>;

/** What the folder has. */
interface Source {
  readonly log: TileLog;
  readonly logFolder: string;
  readonly store: EmbeddedStore;
  readonly files: ProofFiles;
  readonly timestamps: TimestampFiles;
  readonly receivers: Receivers;
  /** Whether something was to be done about an answer when the endpoint was closed. */
  readonly isOpen: (receiptId: string) => boolean;
  readonly announced: readonly AnnouncedRecord[];
  readonly progressOf: (record: SealedRecord, proved: boolean) => Promise<AnswerProgress>;
}

/** What the database gets it into. */
interface Target {
  readonly database: Database;
  readonly queue: ProofQueue;
  readonly key: InputsKey;
  readonly origin: string;
}

/**
 * Moves what an endpoint has in its folder into a database, where a fleet goes on with the same log: all of it in one
 * transaction, and afterwards everything is read again and compared. From then on no endpoint opens the folder, since two
 * logs of one name would be a fork; nothing is deleted.
 *
 * @throws QP6206 the endpoint is running; QP6578 the database has a log already; QP6579 what was moved is not what was there;
 *   QP6401, QP6402, QP6554, QP6555, QP6562 (the folder); QP6570 to QP6574
 */
export async function moveToDatabase(options: MoveOptions): Promise<Moved> {
  const packages = await loadPackages();
  const { folder, origin, key, database: url } = options;
  const closing: (() => unknown)[] = [];
  try {
    const lock = await lockFolder(folder, { purpose: 'change' });
    closing.push(() => lock.release());
    const signer = noteSigner(origin, 'note', key);
    const database = await Database.open(packages, { url, name: 'move' });
    closing.push(() => database.close());
    await openSchema(database, { origin, key: noteKeyText(signer.key) });
    const logFolder = path.join(folder, ENDPOINT_FILES.log);
    const log = await TileLog.open(logFolder, { origin, signer });
    closing.push(() => log.close());
    const source = await openSource(folder, log, closing);
    const queue = await ProofQueue.open(packages, { url, onError: () => {} });
    closing.push(() => queue.close());
    const target = { database, queue, key: options.inputsKey, origin };
    const moved = await moveOnce(path.join(folder, ENDPOINT_FILES.moved), source, target);
    await compare(source, target, moved);
    return moved;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function openSource(folder: string, log: TileLog, closing: (() => unknown)[]): Promise<Source> {
  const logFolder = path.join(folder, ENDPOINT_FILES.log);
  const announcements = new Announcements();
  const store = await EmbeddedStore.open(path.join(folder, ENDPOINT_FILES.sealed), {
    covered: log.size,
    retention: (modelId) => announcements.retentionOf(modelId),
    leaves: (from) => loggedLeaves(logFolder, { from, to: log.size }),
  });
  closing.push(() => store.close());
  const files = await ProofFiles.open(path.join(folder, ENDPOINT_FILES.proofs));
  closing.push(() => files.close());
  const timestamps = await TimestampFiles.open(logFolder);
  const answers = new SealedAnswers();
  const found = new Replay(answers, (record) => announcements.policyOf(record));
  const announced: AnnouncedRecord[] = [];
  const uncovered: { readonly index: number; readonly entry: string }[] = [];
  await store.replay((record, position) => {
    if (record.kind === 'announced') {
      announced.push(record);
      announcements.replay(record);
    } else if (record.kind === 'sealed') found.sealed(record, position);
    else found.mark(record, position);
    if (isEntry(record) && record.index >= log.size) uncovered.push(record);
  });
  uncovered.sort((a, b) => a.index - b.index);
  // What was sealed last, before the endpoint was killed.
  await log.append(uncovered.map(({ entry }) => new TextEncoder().encode(entry)));
  for (const { index, position, lane, since } of found.marked) {
    const record = await store.read(index);
    if (record !== undefined) setLane(answers.keep(knownAnswer(record, position)), lane, since);
  }
  const progressOf = async (record: SealedRecord, proved: boolean): Promise<AnswerProgress> => {
    const known = answers.get(record.receiptId);
    const { round } = known ?? knownAnswer(record, 0);
    // One that is not in memory is finished: its round has decided.
    const byRound = round !== undefined && (known === undefined || found.rounds.has(known));
    const decided = byRound || (await store.revealed(record.index)) !== undefined;
    const due = known?.lane === undefined ? {} : { lane: known.lane, since: known.since ?? record.time };
    return { ...due, decided, proved };
  };
  const receivers = await readReceivers(path.join(folder, ENDPOINT_FILES.webhooks));
  const isOpen = (receiptId: string) => answers.get(receiptId) !== undefined;
  return { log, logFolder, store, files, timestamps, receivers, isOpen, announced, progressOf };
}

/** @param marker says that no endpoint opens the folder any more; it is there before the database has the log */
async function moveOnce(marker: string, source: Source, target: Target): Promise<Moved> {
  const wasThere = existsSync(marker);
  await writeDurably(marker, 'The sealed answers of this folder were moved into a database.\n');
  try {
    return await target.database.transaction((sql) => move(sql, source, target));
  } catch (error) {
    // Unless nobody knows whether it was committed.
    const isKnown = !(error instanceof QuietproofError && error.code === 'QP6571');
    if (isKnown && !wasThere) await rm(marker, { force: true });
    throw error;
  }
}

async function move(sql: Sql, source: Source, target: Target): Promise<Moved> {
  const { log, store } = source;
  const { rows } = await sql.query<{ next: string }>(`select next from ${SCHEMA}.log for update`);
  if (rows[0]!.next !== '0') throw new QuietproofError('QP6578');
  await sql.query(`update ${SCHEMA}.log set next = $1, last_time = $2, size = $1, checkpoint = $3`, [
    log.size,
    store.lastTime,
    log.checkpoint,
  ]);
  for (const record of source.announced) await insertModel(sql, target.queue, record);
  const edge = new RightEdge();
  await moveReceivers(sql, source.receivers);
  const counts = { entries: 0, answers: 0, proofs: 0, waiting: 0, erased: 0, notices: 0 };
  for (let at = 0; at < log.size; at += TILE_WIDTH) {
    const entries = await entriesFrom(source, at);
    const tiles = [...edge.append(entries)].filter(([name]) => !name.startsWith('tile/entries/'));
    await storeTiles(sql, tiles);
    const batch = await moveEntries(sql, { source, target }, at, entries);
    for (const [name, count] of Object.entries(batch)) counts[name as keyof typeof counts] += count;
  }
  for (const record of source.announced) await insertAnnouncement(sql, record);
  await requireRoot(edge, log.checkpoint);
  return { ...counts, timestamps: await moveTimestamps(sql, source.timestamps) };
}

function entriesFrom({ log, logFolder }: Pick<Source, 'log' | 'logFolder'>, at: number) {
  return readLog(logFolder).bundle(at / TILE_WIDTH, Math.min(TILE_WIDTH, log.size - at));
}

async function moveEntries(
  sql: Sql,
  { source, target }: { readonly source: Source; readonly target: Target },
  at: number,
  entries: readonly Uint8Array[],
): Promise<MovedEntries> {
  const texts = entries.map((bytes) => new TextDecoder().decode(bytes));
  await sql.query(
    `insert into ${SCHEMA}.entry (index, text) select * from unnest($1::bigint[], $2::text[])`,
    [texts.map((_, i) => at + i), texts],
  );
  const progress = new Map<SealedRecord, AnswerProgress>();
  const erased: Buffer[] = [];
  for (const [i, text] of texts.entries()) {
    const entry = readLogEntry(text);
    if (entry.kind !== 'answer') continue;
    const record = await source.store.read(at + i);
    if (record === undefined) erased.push(erasedPrefixOf(entry.leaf));
    else progress.set(record, await source.progressOf(record, await source.files.has(record.receiptId)));
  }
  const records = [...progress.keys()];
  for (const modelId of new Set(records.map((record) => record.modelId))) {
    const own = records.filter((record) => record.modelId === modelId);
    await insertAnswers(sql, target, own, (record) => progress.get(record)!);
  }
  const proved = records.filter((record) => progress.get(record)!.proved);
  const bundles = await Promise.all(proved.map(({ receiptId }) => source.files.read(receiptId)));
  await sql.query(
    `insert into ${SCHEMA}.proof (receipt_id, bundle) select * from unnest($1::text[], $2::bytea[])`,
    [proved.map(({ receiptId }) => receiptId), bundles.map((bundle) => deflateRawSync(bundle))],
  );
  await rememberErased(sql, erased);
  const { receivers, isOpen } = source;
  const told = records.map((record) => {
    return { ...record, proved: progress.get(record)!.proved, open: isOpen(record.receiptId) };
  });
  const notices = await moveNotices(sql, receivers, told);
  const waiting = [...progress.values()].filter(({ lane, proved: done }) => lane !== undefined && !done);
  return {
    entries: entries.length,
    answers: records.length,
    proofs: proved.length,
    waiting: waiting.length,
    erased: erased.length,
    notices,
  };
}

/** @throws QP6579 */
async function requireRoot(edge: RightEdge, checkpoint: string): Promise<void> {
  const { size, root } = readCheckpoint(checkpoint);
  if (edge.size !== size || !Buffer.from(root).equals(await edge.root())) {
    throw different('The entries do not lead to the checkpoint');
  }
}

/** Reads all of it again, through the code that a fleet reads it with. @throws QP6579 */
async function compare(source: Source, target: Target, moved: Moved): Promise<void> {
  const { database, queue, key, origin } = target;
  const [log, store] = [new DatabaseLog(database), new PostgresStore({ database, queue, key, origin })];
  const published = await log.published();
  if (published?.checkpoint !== source.log.checkpoint) throw different('The checkpoint is another one');
  const edge = new RightEdge();
  let [answers, proofs] = [0, 0];
  for (let at = 0; at < published.size; at += TILE_WIDTH) {
    const entries = await log.entriesFrom(at, TILE_WIDTH);
    edge.append(entries);
    const bundles = await bundlesFrom(database, at);
    for (let index = at; index < at + entries.length; index += 1) {
      const [before, after] = [await source.store.read(index), await store.read(index)];
      if (!isDeepStrictEqual(before, after)) throw different(`Answer ${index} is another one`);
      if (before === undefined) continue;
      answers += 1;
      const bundle = bundles.get(before.receiptId);
      if (bundle === undefined) continue;
      proofs += 1;
      if (bundle !== (await source.files.read(before.receiptId)))
        throw different(`Proof ${index} is another one`);
    }
  }
  await requireRoot(edge, published.checkpoint);
  if (answers !== moved.answers || proofs !== moved.proofs) throw different('Some of it is missing');
  if ((await countNotices(database)) !== moved.notices) throw different('Notices are missing');
  await compareTimestamps(source.timestamps, database, moved.timestamps);
}

async function bundlesFrom(database: Database, at: number): Promise<Map<string, string>> {
  const { rows } = await database.query<{ receipt_id: string; bundle: Buffer }>(
    `select receipt_id, bundle from ${SCHEMA}.proof join ${SCHEMA}.answer using (receipt_id)
     where index >= $1 and index < $2`,
    [at, at + TILE_WIDTH],
  );
  return new Map(rows.map((row) => [row.receipt_id, inflateRawSync(row.bundle).toString()]));
}
