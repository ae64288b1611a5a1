import path from 'node:path';
import type { TileLog } from '../../../log/tile-log.ts';
import { Announcements } from '../../serve/announcements.ts';
import { ENDPOINT_FILES } from '../../serve/endpoint-files.ts';
import { loggedLeaves } from '../../serve/logged-leaves.ts';
import { ProofFiles } from '../../serve/proof-files.ts';
import { knownAnswer, Replay, SealedAnswers, setLane } from '../../serve/sealed-answers.ts';
import { type AnnouncedRecord, isEntry, type SealedRecord } from '../../serve/store/answer-store.ts';
import { EmbeddedStore } from '../../serve/store/embedded-store.ts';
import { TimestampFiles } from '../../serve/timestamp-files.ts';
import type { AnswerProgress } from '../answer-rows.ts';
import { type Receivers, readReceivers } from './notices.ts';

/** What the folder has. */
export interface MovedSource {
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

/** @param closing takes what is to be closed after the move. @throws QP6401, QP6402, QP6554, QP6555, QP6562 */
export async function openSource(
  folder: string,
  log: TileLog,
  closing: (() => unknown)[],
): Promise<MovedSource> {
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
