import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { Database } from '#dist/server/fleet/database.js';
import { DatabaseLog } from '#dist/server/fleet/database-log.js';
import { FleetWorker } from '#dist/server/fleet/fleet-worker.js';
import { InputsKey } from '#dist/server/fleet/inputs-key.js';
import { type FleetOptions, openFleet } from '#dist/server/fleet/open-fleet.js';
import { loadPackages } from '#dist/server/fleet/packages.js';
import type { EndpointOptions } from '#dist/server/serve/open-endpoint.js';
import type { Endpoint } from '../../../../src/server/serve/endpoint.ts';
import { type Site, type SiteKind, useKind } from '../../serve/support/open.ts';
import { Cluster } from './cluster.ts';

let own: Cluster;
beforeAll(() => {
  own = Cluster.start();
});
afterAll(() => own.stop());

/** The database server of these tests. */
export const cluster = (): Cluster => own;

export const KEY = 'ab'.repeat(32);
export const inputsKey = () => InputsKey.parse(KEY);

const databases = new WeakMap<Site, string>();
let made = 0;

/** Address of the database of a site. */
export function databaseOf(site: Site): string {
  const found = databases.get(site);
  if (found !== undefined) return found;
  made += 1;
  const url = own.make(`site_${made}`);
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
    lookEvery: 20,
    eraseEvery: 20,
    inputsKey: inputsKey(),
    ...given,
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
    lookEvery: 20,
    onEvent: () => {},
    ...options,
  });
}

/** A server with a worker beside it, so that the pair does what an endpoint over files does. */
const kind: SiteKind = {
  async open(site, options) {
    const endpoint = await openServer(site, options);
    const worker = await startWorker(site);
    const close = endpoint.close.bind(endpoint);
    endpoint.close = async () => {
      await worker.close();
      await close();
    };
    return endpoint as Endpoint;
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
