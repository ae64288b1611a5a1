import type { KeyObject } from 'node:crypto';
import path from 'node:path';
import { noteSigner } from '../../log/note-signer.ts';
import { promiseSigner } from '../../log/promise-signer.ts';
import { TileLog } from '../../log/tile-log.ts';
import type { TimestampAuthority } from '../../log/timestamp-client.ts';
import type { WitnessAddress } from '../../log/witness-client.ts';
import type { BackendName } from '../../prover/backend.ts';
import { thisMachine } from '../../prover/worker-count.ts';
import { makeFolder } from '../../store/durable-file.ts';
import { type FolderLock, lockFolder } from '../../store/folder-lock.ts';
import { Announcements } from './announcements.ts';
import type { BeaconSource } from './beacon-client.ts';
import type { Clock } from './clock.ts';
import { Cosigning } from './cosigning.ts';
import { Draws } from './draws.ts';
import type { EndpointEvent, LocalEndpoint, ModelToServe } from './endpoint.ts';
import { ENDPOINT_FILES, requireNotMoved } from './endpoint-files.ts';
import { LogPublisher } from './log-publisher.ts';
import { loggedLeaves } from './logged-leaves.ts';
import { OpenModels } from './open-models.ts';
import { ProofFiles } from './proof-files.ts';
import { Proving } from './proving.ts';
import { RecordWriter } from './record-writer.ts';
import { replay, resume } from './resume.ts';
import { Retention } from './retention.ts';
import { SealedAnswers, setLane } from './sealed-answers.ts';
import { SealedEndpoint } from './sealed-endpoint.ts';
import { Sealer } from './sealer.ts';
import { Settling } from './settling.ts';
import { EmbeddedStore } from './store/embedded-store.ts';
import { TimestampFiles } from './timestamp-files.ts';
import { Timestamping } from './timestamping.ts';

export interface EndpointOptions {
  /** Holds everything: sealed answers (private), bundles, the log. */
  readonly folder: string;
  /** Names the log: its public address without the scheme, e.g. `log.example.com/credit`. */
  readonly origin: string;
  /** An Ed25519 key, which signs checkpoints and promises. */
  readonly key: KeyObject;
  /** Those that answer. Models that answered before and are not among them are retired. At least one. */
  readonly models: readonly ModelToServe[];
  /** Those that policies name. */
  readonly beacons?: readonly BeaconSource[];
  /** Seconds from an answer to the checkpoint that covers it, as promised. Default: 60. */
  readonly includeWithin?: number;
  /** Those that cosign checkpoints. A reader counts only those that its own trust file names. */
  readonly witnesses?: readonly WitnessAddress[];
  /** Those that timestamp checkpoints. */
  readonly authorities?: readonly TimestampAuthority[];
  /** Seconds between timestamps of one authority, while the log grows. Default: 3600. */
  readonly timestampEvery?: number;
  /** Milliseconds between checkpoints. Default: 1000. */
  readonly publishEvery?: number;
  /** Seconds: while a proof has been due for longer, no answers are given. Default: 600. */
  readonly longestWait?: number;
  /** Threads that prove, per model. Default: all cores but one, at least one. */
  readonly workers?: number;
  readonly backend?: BackendName;
  /** Milliseconds that closing waits for proofs that were begun. Default: 10,000. */
  readonly grace?: number;
  /** Whether somebody is still to be told about an answer whose proof is there: it stays in memory until then. */
  readonly owed?: (receiptId: string) => boolean;
  readonly onEvent?: (event: EndpointEvent) => void;
  readonly clock?: Clock;
}

/**
 * Opens an endpoint: whatever ended the last one, every sealed answer is there, and what is due is proved.
 *
 * @throws QP6206 if another process has the folder; QP6563 if its answers were moved; QP6401, QP6402 (its log), QP6554, QP6555 (its records); QP6553, QP6561
 *   (the models), and as `ModelAnswerer.open`; QP8001–QP8008
 */
export async function openEndpoint(options: EndpointOptions): Promise<LocalEndpoint> {
  await makeFolder(options.folder, 0o711);
  const lock = await lockFolder(options.folder, { purpose: 'change' });
  const opened: (() => Promise<void>)[] = [async () => lock.release()];
  try {
    return await openLocked(options, lock, opened);
  } catch (error) {
    for (const close of opened.reverse()) await close().catch(() => {});
    throw error;
  }
}

/** @param opened what is to be closed if this throws */
async function openLocked(
  options: EndpointOptions,
  lock: FolderLock,
  opened: (() => Promise<void>)[],
): Promise<LocalEndpoint> {
  const { folder, origin, key, publishEvery = 1000, onEvent = () => {}, clock = Date.now } = options;
  await requireNotMoved(folder);
  const logFolder = path.join(folder, ENDPOINT_FILES.log);
  const cosigning = new Cosigning({
    witnesses: options.witnesses ?? [],
    onFailure: (witness, error) => onEvent({ kind: 'witness-failed', witness, error }),
  });
  const timestamping = new Timestamping({
    store: await TimestampFiles.open(logFolder),
    authorities: options.authorities ?? [],
    every: options.timestampEvery,
    clock,
    onFailure: (authority, error) => onEvent({ kind: 'timestamp-failed', authority, error }),
  });
  await timestamping.learn();
  const publisher = await LogPublisher.start({
    cosigning,
    timestamping,
    open: () => TileLog.open(logFolder, { origin, signer: noteSigner(origin, 'note', key) }),
    every: publishEvery,
    onFailure: (error) => onEvent({ kind: 'publish-failed', error }),
  });
  opened.push(() => publisher.close());
  const announcements = new Announcements();
  const store = await EmbeddedStore.open(path.join(folder, ENDPOINT_FILES.sealed), {
    covered: publisher.covered,
    retention: (modelId) => announcements.retentionOf(modelId),
    leaves: (from) => loggedLeaves(logFolder, { from, to: publisher.covered }),
  });
  opened.push(() => store.close());
  const answers = new SealedAnswers();
  const writer = new RecordWriter(store, clock, (entry) => publisher.add(entry));
  const workers = options.workers ?? Math.max(1, thisMachine().cores - 1);
  const models = new OpenModels({
    workers,
    ...(options.backend !== undefined && { backend: options.backend }),
  });
  opened.push(() => models.close());
  const files = await ProofFiles.open(path.join(folder, ENDPOINT_FILES.proofs));
  opened.push(() => files.close());
  const { owed = () => false } = options;
  const settling = new Settling({ store, writer, answers, announcements, owed, onEvent });
  const shared = {
    origin,
    store,
    answers,
    announcements,
    models,
    publisher,
    files,
    settling,
    clock,
    onEvent,
  };
  const proving = new Proving({ ...shared, workers, onProved: (answer) => settling.noticed(answer) });
  opened.push(() => proving.close(0));
  const draws = new Draws({
    ...shared,
    writer,
    beacons: options.beacons ?? [],
    shareOf: (answer) => announcements.policyOf(answer).sample?.share ?? '0',
    onDecided: (answer, drawn, time) => {
      if (drawn) setLane(answer, 'drawn', time);
      if (drawn) proving.add(answer);
      settling.noticed(answer);
    },
    onFailure: (round, error) => onEvent({ kind: 'beacon-failed', round, error }),
  });
  opened.push(() => draws.close());
  const signer = promiseSigner(origin, key);
  const sealer = new Sealer(writer, {
    origin,
    signer,
    includeWithin: options.includeWithin ?? 60,
    beacons: draws,
  });
  const retention = new Retention({ ...shared, proving, draws });
  const { longestWait = 600, grace = 10_000 } = options;
  const own = { ...shared, logFolder, writer, sealer, proving, draws, retention, lock, longestWait, grace };
  const found = await replay(own);
  const endpoint = new SealedEndpoint(own);
  await endpoint.start(options.models);
  await resume(own, found);
  retention.start();
  return endpoint;
}
