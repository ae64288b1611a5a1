import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Hook } from '../../serve/support/hook.ts';
import { iris } from '../../serve/support/iris.ts';
import { bundleOf, Site, until } from '../../serve/support/open.ts';
import { connect, openServer, startWorker } from '../support/fleet-kind.ts';

let hook: Hook;
beforeEach(async () => {
  hook = await Hook.start();
});
afterEach(() => hook.close());

const policy = { prove: 'on-demand', within: 60, retention: 86_400 } as const;
const models = () => [{ artifactDir: iris().artifactDir, policy }];
const times = { lookEvery: 20, firstPause: 2 };
const open = async (site: Site, webhooks?: readonly string[]) =>
  openServer(site, {
    models: models(),
    webhooks: await hook.addresses(site, webhooks),
    webhookTimes: times,
  });
const ELSEWHERE = '00000000-0000-4000-8000-000000000001';

describe('webhooks of a fleet', () => {
  it('are sent by whichever server publishes, from what was owed while none did', async () => {
    const site = await Site.make();
    const database = await connect(site);
    const owed = async () => Number((await database.query('select from quietproof.notice')).rowCount);
    const publisher = (until: string, id: string) =>
      database.query(
        `update quietproof.log set publisher = $2, publisher_token = publisher_token + 1,
        publisher_until = clock_timestamp() + $1::interval`,
        [until, id],
      );
    hook.away = true;
    const one = await open(site);
    const { receiptId } = await site.answer(one);
    await one.ask(receiptId);
    await until(() => (one.metrics.publishedEntries === 2 ? true : undefined));
    // The proof comes while nobody publishes, and the notice with it.
    await publisher('50 s', ELSEWHERE);
    await until(async () => ((await one.receipt(receiptId))?.state === 'queued' ? true : undefined));
    const worker = await startWorker(site);
    await bundleOf(one, receiptId);
    await worker.close();
    expect(await owed()).toBe(1);
    await publisher('0 s', ELSEWHERE);
    await until(() => (one.receivers[0]!.failed > 0 ? true : undefined));
    // Away over the takeover: the first server, which had it in memory, sends nothing without the lease.
    await publisher('50 s', ELSEWHERE);
    await until(() => (one.receivers[0]!.waiting === 0 ? true : undefined));
    const { failed } = one.receivers[0]!;
    hook.away = false;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([hook.got.length, one.receivers[0]!.failed - failed, await owed()]).toEqual([0, 0, 1]);
    // One that was given no webhooks sends none.
    await one.close();
    await publisher('0 s', ELSEWHERE);
    const without = await openServer(site, { models: models() });
    await site.answer(without);
    await until(() => (without.metrics.publishedEntries === 3 ? true : undefined));
    await without.close();
    expect([hook.got.length, await owed()]).toEqual([0, 1]);
    const two = await open(site);
    await until(async () => ((await owed()) === 0 ? true : undefined));
    expect(hook.told).toEqual([['proof.ready', receiptId]]);
    await two.close();
    await database.close();
  });

  it('tell once that a proof is late, whichever server finds out, and nothing of what is erased', async () => {
    const site = await Site.make();
    const [one, database] = [await open(site), await connect(site)];
    // As one that is named after these answers were given.
    await database.query(`insert into quietproof.webhook values ('later', 9000000000)`);
    const [asked, left] = [await site.answer(one, 0), await site.answer(one, 1)];
    await one.ask(asked.receiptId);
    site.ahead = 61_000;
    const two = await open(site);
    await until(() => (hook.got.length === 1 ? true : undefined));
    await one.close();
    await until(async () =>
      (await database.query('select from quietproof.notice')).rowCount === 0 ? true : undefined,
    );
    const worker = await startWorker(site);
    await until(() => (hook.got.length === 2 ? true : undefined));
    expect(hook.told).toEqual([
      ['proof.late', asked.receiptId],
      ['proof.ready', asked.receiptId],
    ]);
    hook.away = true;
    await two.ask(left.receiptId);
    await bundleOf(two, left.receiptId);
    await until(() => (two.receivers[0]!.failed > 0 ? true : undefined));
    // Its retention is over: nobody is told any more.
    site.ahead = 90_000_000;
    await until(async () =>
      (await database.query('select from quietproof.notice')).rowCount === 0 ? true : undefined,
    );
    hook.away = false;
    await until(() => (two.receivers[0]!.waiting === 0 ? true : undefined));
    expect(hook.got).toHaveLength(2);
    await worker.close();
    await two.close();
    await database.close();
  });
});
