import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { Database } from '../../../src/server/fleet/database.ts';
import type { FleetPackages } from '../../../src/server/fleet/packages.ts';

/** A driver whose session ends when a transaction begins: the client says so itself, as pg's does, and refuses the rest. */
class EndingPool extends EventEmitter {
  released: unknown[] = [];

  async query() {
    return { rows: [] };
  }

  async connect() {
    const ended = Object.assign(new Error('terminating connection'), { code: '57P01' });
    const client = Object.assign(new EventEmitter(), {
      query: () =>
        new Promise((_, reject) => {
          setImmediate(() => {
            client.emit('error', ended);
            reject(ended);
          });
        }),
      release: (broken: unknown) => this.released.push(broken),
    });
    return client;
  }

  async end() {}
}

it('a session that ends while a transaction begins is an error of that transaction, and of nothing else', async () => {
  const pool = new EndingPool();
  const packages = {
    Pool: function Pool() {
      return pool;
    },
  } as unknown as FleetPackages;
  const database = await Database.open(packages, { url: 'postgres://x', name: 'test' });
  await expect(database.begin()).rejects.toMatchObject({ code: 'QP6571' });
  await expect(database.transaction(async () => {})).rejects.toMatchObject({ code: 'QP6571' });
  expect(pool.released).toEqual([true, true]);
  await database.close();
});
