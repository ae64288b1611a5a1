import type { KeyObject } from 'node:crypto';
import { noteKeyText } from '@quietproof/verify/log';
import { noteSigner } from '../../log/note-signer.ts';
import { promiseSigner } from '../../log/promise-signer.ts';
import type { TimestampAuthority } from '../../log/timestamp-client.ts';
import type { WitnessAddress } from '../../log/witness-client.ts';
import { Announcements } from '../serve/announcements.ts';
import type { BeaconSource } from '../serve/beacon-client.ts';
import type { Clock } from '../serve/clock.ts';
import { Cosigning } from '../serve/cosigning.ts';
import type { EndpointEvent, ModelToServe } from '../serve/endpoint.ts';
import { OpenModels } from '../serve/open-models.ts';
import { RecordWriter } from '../serve/record-writer.ts';
import { Sealer } from '../serve/sealer.ts';
import { Timestamping } from '../serve/timestamping.ts';
import type { WebhookAddress } from '../webhooks/addresses.ts';
import { Database } from './database.ts';
import { DatabaseLog, LogWriter } from './database-log.ts';
import { FleetChores } from './fleet-chores.ts';
import { FleetDraws } from './fleet-draws.ts';
import { FleetEndpoint, type FleetParts } from './fleet-endpoint.ts';
import { FleetPublisher } from './fleet-publisher.ts';
import { FleetWebhooks, type WebhookTimes } from './fleet-webhooks.ts';
import type { InputsKey } from './inputs-key.ts';
import { loadPackages } from './packages.ts';
import { PostgresStore } from './postgres-store.ts';
import { ProofQueue } from './queue.ts';
import { openSchema } from './schema.ts';
import { ServedFiles } from './served-files.ts';
import { TimestampRows } from './timestamp-rows.ts';

export interface FleetOptions {
  /** `postgres://…` */
  readonly database: string;
  /** Encrypts private inputs in the database. */
  readonly inputsKey: InputsKey;
  /** Names the log: its public address without the scheme, e.g. `log.example.com/credit`. */
  readonly origin: string;
  /** An Ed25519 key, which signs checkpoints and promises: the same on all servers. */
  readonly key: KeyObject;
  readonly models: readonly ModelToServe[];
  readonly beacons?: readonly BeaconSource[];
  readonly witnesses?: readonly WitnessAddress[];
  readonly authorities?: readonly TimestampAuthority[];
  /** Seconds between timestamps of one authority. Default: 3600. */
  readonly timestampEvery?: number;
  /** Who is told about proofs: the same for all servers. */
  readonly webhooks?: readonly WebhookAddress[];
  readonly webhookTimes?: WebhookTimes;
  /** Seconds from an answer to the checkpoint that covers it, as promised. Default: 60. */
  readonly includeWithin?: number;
  /** Milliseconds between checkpoints. Default: 1000. */
  readonly publishEvery?: number;
  /** Seconds: while a proof has been due for longer, no answers are given. Default: 600. */
  readonly longestWait?: number;
  /** Seconds without a sign of life after which another server publishes the log. Default: 10. */
  readonly publisherLease?: number;
  /** Seconds without a sign of life after which a job is given to another worker; at least 10. Default: 30. */
  readonly workerLease?: number;
  /** Attempts to prove before an answer is given up. Default: 8. */
  readonly attempts?: number;
  /** Milliseconds between looks at the queue and at what other servers do. Default: 1000. */
  readonly lookEvery?: number;
  /** Milliseconds between looks at what is old. Default: 60,000. */
  readonly eraseEvery?: number;
  readonly onEvent?: (event: EndpointEvent) => void;
  readonly clock?: Clock;
}

/**
 * Opens one of the servers of a fleet. It proves nothing: workers do.
 *
 * @throws QP6570, QP6580 (what it needs to run); QP6571 to QP6573 (the database); QP6553, QP6561 and as
 *   `ModelAnswerer.open` (the models); QP6591, QP6593 (webhooks)
 */
export async function openFleet(options: FleetOptions): Promise<FleetEndpoint> {
  const packages = await loadPackages();
  const { database: url, origin, key } = options;
  const database = await Database.open(packages, { url, name: 'server' });
  const opened: (() => Promise<void>)[] = [() => database.close()];
  try {
    await openSchema(database, { origin, key: noteKeyText(noteSigner(origin, 'note', key).key) });
    const { onEvent = () => {} } = options;
    const queue = await ProofQueue.open(packages, {
      url,
      ...(options.attempts !== undefined && { attempts: options.attempts }),
      ...(options.workerLease !== undefined && { lease: options.workerLease }),
      onError: (error) => onEvent({ kind: 'look-failed', error }),
    });
    opened.push(() => queue.close());
    const announcements = new Announcements();
    const webhooks = await FleetWebhooks.open(options.webhooks ?? [], {
      database,
      origin,
      announcements,
      clock: options.clock ?? Date.now,
      onFailure: (receiver, error) => onEvent({ kind: 'webhook-failed', receiver, error }),
      ...options.webhookTimes,
    });
    const endpoint = assemble(options, { database, queue, announcements, webhooks });
    opened.push(() => endpoint.close());
    await endpoint.start(options.models);
    return endpoint;
  } catch (error) {
    // Closing the endpoint closes the others, which may be closed twice.
    for (const close of opened.reverse()) await close().catch(() => {});
    throw error;
  }
}

type Opened = Pick<FleetParts, 'database' | 'queue' | 'announcements' | 'webhooks'>;

function assemble(options: FleetOptions, opened: Opened): FleetEndpoint {
  const { database, queue, announcements, webhooks } = opened;
  const { origin, key, inputsKey, beacons = [], onEvent = () => {}, clock = Date.now } = options;
  const store = new PostgresStore({ database, queue, key: inputsKey, origin });
  // Entries are published from the database.
  const writer = new RecordWriter(store, clock, () => {});
  const draws = new FleetDraws({
    origin,
    database,
    store,
    beacons,
    clock,
    shareOf: (answer) => announcements.policyOf(answer).sample?.share ?? '0',
    onFailure: (round, error) => onEvent({ kind: 'beacon-failed', round, error }),
  });
  const sealer = new Sealer(writer, {
    origin,
    signer: promiseSigner(origin, key),
    includeWithin: options.includeWithin ?? 60,
    beacons: draws,
  });
  const log = new DatabaseLog(database);
  const cosigning = new Cosigning({
    witnesses: options.witnesses ?? [],
    onFailure: (witness, error) => onEvent({ kind: 'witness-failed', witness, error }),
  });
  const timestamping = new Timestamping({
    store: new TimestampRows(database, () => publisher.lease),
    authorities: options.authorities ?? [],
    every: options.timestampEvery,
    clock,
    onFailure: (authority, error) => onEvent({ kind: 'timestamp-failed', authority, error }),
  });
  const { eraseEvery = 60_000, publisherLease: lease = 10, publishEvery: every = 1000 } = options;
  const chores = new FleetChores({
    database,
    store,
    queue,
    draws,
    announcements,
    covered: () => publisher.covered,
    clock,
    eraseEvery,
    onEvent,
  });
  const publisher: FleetPublisher = new FleetPublisher({
    database,
    writer: new LogWriter(database, log, { origin, signer: noteSigner(origin, 'note', key) }),
    cosigning,
    timestamping,
    every,
    lease,
    chores: async () => {
      await chores.run();
      await webhooks.run();
    },
    onLost: () => webhooks.withdraw(),
    onFailure: (error) => onEvent({ kind: 'publish-failed', error }),
  });
  return new FleetEndpoint({
    origin,
    database,
    store,
    queue,
    writer,
    sealer,
    announcements,
    models: new OpenModels({ workers: 1 }),
    log,
    publisher,
    cosigning,
    timestamping,
    webhooks,
    chores,
    draws,
    files: new ServedFiles(database, inputsKey),
    clock,
    longestWait: options.longestWait ?? 600,
    lookEvery: options.lookEvery ?? 1000,
    onEvent,
  });
}
