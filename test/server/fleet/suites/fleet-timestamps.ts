import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TimestampRows } from '#dist/server/fleet/timestamp-rows.js';
import { TestAuthority } from '../../serve/support/authority.ts';
import { iris } from '../../serve/support/iris.ts';
import { Site, until } from '../../serve/support/open.ts';
import { connect, openServer } from '../support/fleet-kind.ts';

let authority: TestAuthority;
beforeAll(async () => {
  authority = await TestAuthority.start();
});
afterAll(() => authority.close());

const policy = { prove: 'on-demand', within: 3600, retention: 86_400 } as const;
const own = () => ({ models: [{ artifactDir: iris().artifactDir, policy }], authorities: [authority.given] });
const failures = (site: Site) => site.events.filter(({ kind }) => kind === 'timestamp-failed');

describe('timestamps of a fleet', () => {
  it('are those of whoever publishes: one that is asked for is neither lost nor doubled', async () => {
    const site = await Site.make();
    const database = await connect(site);
    authority.asked = 0;
    authority.hold();
    // It publishes once, asks, and is paused for the rest.
    const one = await openServer(site, { ...own(), publishEvery: 3_600_000 });
    await until(() => (authority.asked === 1 ? true : undefined));
    const release = authority.pass();
    await database.query(`update quietproof.log set publisher_until = '-infinity'`);
    const two = await openServer(site, own());
    const list = (server = two) =>
      server.logFile('timestamp/list').then((file) => file && Buffer.from(file).toString());
    // The log does not grow meanwhile.
    const text = await until(() => list());
    expect(text.match(/"size":1,/g)).toHaveLength(1);
    const stored = await database.query('select * from quietproof.timestamp');
    release();
    await until(() => (failures(site).length > 0 ? true : undefined));
    expect(failures(site)).toMatchObject([{ error: { code: 'QP6575' } }]);
    expect((await database.query('select * from quietproof.timestamp')).rows).toEqual(stored.rows);
    expect([authority.asked, await list(one)]).toEqual([2, text]);
    await Promise.all([one.close(), two.close()]);
    await database.close();
  });

  it('are refused by the database from others, and stay what they are', async () => {
    const site = await Site.make();
    const server = await openServer(site, { ...own(), authorities: [], publishEvery: 3_600_000 });
    const database = await connect(site);
    await until(() => (server.metrics.publishedEntries === 1 ? true : undefined));
    const take = async (id: string) => {
      const { rows } = await database.query<{ publisher_token: string }>(
        `update quietproof.log set publisher = $1, publisher_token = publisher_token + 1 returning publisher_token`,
        [id],
      );
      return { id, token: rows[0]!.publisher_token };
    };
    const [first, second] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
    const old = await take(first!);
    const lease = await take(second!);
    const one = { size: 1, time: 5, authority: 'a', checkpoint: 'c', timestamp: new Uint8Array([7]) };
    for (const refused of [undefined, old, { ...lease, id: first! }, { ...old, id: second! }]) {
      await expect(new TimestampRows(database, () => refused).add(one)).rejects.toMatchObject({
        code: 'QP6575',
      });
    }
    const rows = new TimestampRows(database, () => lease);
    expect(await rows.last()).toEqual([]);
    await rows.add(one);
    // As after a commit of which nobody knows.
    await rows.add({ ...one, time: 6 });
    await rows.add({ ...one, size: 2, time: 7 });
    expect(await rows.last()).toEqual([{ size: 2, time: 7, authority: 'a' }]);
    expect((await database.query('select time from quietproof.timestamp order by place')).rows).toEqual([
      { time: '5' },
      { time: '7' },
    ]);
    for (const text of ['update quietproof.timestamp set time = 1', 'delete from quietproof.timestamp']) {
      await expect(database.query(text), text).rejects.toMatchObject({ code: 'QP6571' });
    }
    // Whoever takes the lease while one is added waits for it.
    const late = await database.begin();
    await new TimestampRows(late, () => lease).add({ ...one, size: 3 });
    const taken = take(first!);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await late.commit();
    await taken;
    await expect(rows.add({ ...one, size: 4 })).rejects.toMatchObject({ code: 'QP6575' });
    await server.close();
    await database.close();
  });
});
