import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { Database } from '#dist/server/fleet/database.js';
import { DatabaseLog } from '#dist/server/fleet/database-log.js';
import type { FleetEndpoint } from '#dist/server/fleet/fleet-endpoint.js';
import { FleetWorker } from '#dist/server/fleet/fleet-worker.js';
import { InputsKey } from '#dist/server/fleet/inputs-key.js';
import { type FleetOptions, openFleet } from '#dist/server/fleet/open-fleet.js';
import { loadPackages } from '#dist/server/fleet/packages.js';
import { ProofQueue } from '#dist/server/fleet/queue.js';
import type { EndpointOptions } from '#dist/server/serve/open-endpoint.js';
import type { Endpoint } from '../../../../src/server/serve/endpoint.ts';
import { type Site, type SiteKind, useKind } from '../../serve/support/open.ts';
import { Cluster } from './cluster.ts';

/** Milliseconds between looks of whoever waits: often enough that tests are short, and not more. */
const LOOK_EVERY = 60;
/** A database with the tables of the queue, which take long to make. */
const TEMPLATE = 'with_queue';

let own: Cluster;
beforeAll(async () => {
  own = Cluster.start();
  const queue = await ProofQueue.open(await loadPackages(), { url: own.make(TEMPLATE), onError: () => {} });
  await queue.close();
});
afterAll(() => own.stop());

/** The database server of these tests. */
export const cluster = (): Cluster => own;

export const KEY = 'ab'.repeat(32);
export const inputsKey = () => InputsKey.parse(KEY);

const databases = new WeakMap<Site, string>();
let made = 0;

/** Address of a new database. */
export function makeDatabase(): string {
  made += 1;
  return own.make(`site_${made}`, TEMPLATE);
}

/** Address of the database of a site. */
export function databaseOf(site: Site): string {
  const url = databases.get(site) ?? makeDatabase();
  databases.set(site, url);
  return url;
}

/** Connects to the database of a site. */
export async function connect(site: Site): Promise<Database> {
  return Database.open(await loadPackages(), { url: databaseOf(site), name: 'test' });
}

/** One of the servers of a site, without a worker. */
export function openServer(site: Site, options: Partial<FleetOptions & EndpointOptions> = {}) {
  const { folder: _, workers: __, ...given } = { ...site.optionsOf(), ...options };
  return openFleet({
    lookEvery: LOOK_EVERY,
    eraseEvery: LOOK_EVERY,
    inputsKey: inputsKey(),
    ...given,
    publishEvery: options.publishEvery ?? LOOK_EVERY,
    database: databaseOf(site),
  });
}

export async function startWorker(
  site: Site,
  options: Partial<Parameters<typeof FleetWorker.start>[0]> = {},
) {
  return FleetWorker.start({
    database: databaseOf(site),
    inputsKey: inputsKey(),
    cache: await mkdtemp(path.join(site.folder, 'cache-')),
    artifacts: site.artifact.root,
    name: 'test',
    threads: 1,
    lookEvery: LOOK_EVERY,
    onEvent: () => {},
    ...options,
  });
}

/** A server, and a worker as soon as there may be something to prove: the pair does what an endpoint over files does. */
const kind: SiteKind = {
  async open(site, options) {
    const endpoint: Endpoint = await openServer(site, options);
    let worker: Promise<FleetWorker> | undefined;
    const work = () => {
      worker ??= startWorker(site);
      return worker;
    };
    if (options.models.some(({ policy }) => policy.prove !== 'on-demand')) await work();
    const [ask, close] = [endpoint.ask.bind(endpoint), endpoint.close.bind(endpoint)];
    endpoint.ask = async (id) => {
      await work();
      return ask(id);
    };
    endpoint.close = async () => {
      await (await worker)?.close();
      await close();
    };
    return endpoint;
  },
  async openHooked(site, options, { addresses, ...webhookTimes }) {
    const hooked = { ...options, webhooks: addresses, webhookTimes };
    const endpoint = (await kind.open(site, hooked)) as FleetEndpoint;
    return { endpoint, receivers: () => endpoint.receivers, close: () => endpoint.close() };
  },
  async logFile(site, name) {
    const database = await connect(site);
    try {
      const file = await new DatabaseLog(database).file(name);
      if (file === undefined) throw new Error(`no ${name}`);
      return file;
    } finally {
      await database.close();
    }
  },
};
useKind(kind);
