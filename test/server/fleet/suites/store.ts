import { Database } from '#dist/server/fleet/database.js';
import { loadPackages } from '#dist/server/fleet/packages.js';
import { PostgresStore } from '#dist/server/fleet/postgres-store.js';
import { ProofQueue } from '#dist/server/fleet/queue.js';
import { openSchema } from '#dist/server/fleet/schema.js';
import { describeStore } from '../../serve/store/store-contract.ts';
import { ORIGIN } from '../../serve/support/open.ts';
import { inputsKey, makeDatabase } from '../support/fleet-kind.ts';

describeStore('a database', async () => {
  const packages = await loadPackages();
  const url = makeDatabase();
  const database = await Database.open(packages, { url, name: 'test' });
  await openSchema(database, { origin: ORIGIN, key: 'key' });
  const queue = await ProofQueue.open(packages, { url, onError: () => {} });
  return {
    async open() {
      const store = new PostgresStore({ database, queue, key: inputsKey(), origin: ORIGIN });
      await store.refresh(() => {});
      return store;
    },
    async close() {
      await queue.close();
      await database.close();
    },
  };
});
