import { checkLogProof, readCheckpoint } from '@quietproof/verify/log';
import { readLogEntry } from '@quietproof/verify/seal';
import { describe, expect, it, vi } from 'vitest';
import { QuietproofError } from '#dist/errors/quietproof-error.js';
import { LostCommit, Transaction } from '#dist/server/fleet/database.js';
import { DatabaseLog, LogWriter } from '#dist/server/fleet/database-log.js';
import { movePlace, takeTurn } from '#dist/server/fleet/log-turn.js';
import { noteSigner } from '../../../../src/log/note-signer.ts';
import { iris } from '../../serve/support/iris.ts';
import { ALL, entriesOf, ORIGIN, Site, until } from '../../serve/support/open.ts';
import { connect, openServer } from '../support/fleet-kind.ts';

const onDemand = { prove: 'on-demand', within: 3600, retention: 86_400 } as const;
const models = () => [{ artifactDir: iris().artifactDir, policy: onDemand }];

describe('two servers', () => {
  it('append to one sequence of entries without a gap, and both tell it', async () => {
    const site = await Site.make();
    // They start together: the model is announced once.
    const [one, two] = await Promise.all([
      openServer(site, { models: models() }),
      openServer(site, { models: models() }),
    ]);
    const given = await Promise.all(
      Array.from({ length: 120 }, (_, n) => site.answer(n % 2 === 0 ? one : two, n)),
    );
    const indices = given.map(({ index }) => index).sort((a, b) => a - b);
    expect(indices).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
    await until(() =>
      one.metrics.publishedEntries === 121 || two.metrics.publishedEntries === 121 ? true : undefined,
    );
    for (const server of [one, two]) {
      const text = Buffer.from((await server.logFile('checkpoint'))!).toString();
      expect(readCheckpoint(text).size).toBe(121);
      expect(await server.receipt(given[7]!.receiptId)).toMatchObject({
        state: 'sealed',
        index: given[7]!.index,
      });
    }
    const database = await connect(site);
    const log = new DatabaseLog(database);
    const published = (await log.published())!;
    for (const index of [0, 1, 60, 120]) {
      const proof = await log.proofOf(index, published);
      const [entry] = await log.entriesFrom(index, 1);
      expect(checkLogProof(proof, entry!, site.policy).index).toBe(index);
    }
    expect((await log.file('tile/0/000.p/121'))?.length).toBe(121 * 32);
    for (const name of ['tile/0/000.p/122', 'tile/0/000', 'tile/1/000', 'tile/0/00', 'checkpoint/x']) {
      expect(await log.file(name)).toBeUndefined();
    }
    await database.close();
    await Promise.all([one.close(), two.close()]);
    const entries = (await entriesOf(site)).map((text) => readLogEntry(text));
    expect(entries.filter(({ kind }) => kind === 'model')).toHaveLength(1);
    const times = entries.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('answer by no model that one of them has retired, and by no policy that the log does not say', async () => {
    const site = await Site.make();
    const one = await openServer(site, { models: models() });
    const two = await openServer(site, { models: [{ ...models()[0]!, policy: ALL }] });
    await until(async () =>
      site.answer(one).then(
        () => undefined,
        (error) => error.code === 'QP6577' || undefined,
      ),
    );
    await site.answer(two);
    await Promise.all([one.close(), two.close()]);
  });

  it('keep another log, another key and another version out', async () => {
    const site = await Site.make();
    const one = await openServer(site, { models: models() });
    await expect(openServer(site, { models: models(), origin: 'log.example/other' })).rejects.toMatchObject({
      code: 'QP6572',
    });
    const { key } = await Site.make();
    await expect(openServer(site, { models: models(), key })).rejects.toMatchObject({ code: 'QP6572' });
    const database = await connect(site);
    await database.query('update quietproof.log set version = 2');
    await expect(openServer(site, { models: models() })).rejects.toMatchObject({ code: 'QP6573' });
    await database.query('update quietproof.log set version = 1');
    await database.close();
    await one.close();
  });
});

describe('an append', () => {
  it('whose session was ended changes nothing, and the next one has its index', async () => {
    const site = await Site.make();
    const one = await openServer(site, { models: models() });
    const two = await openServer(site, { models: models() });
    const database = await connect(site);
    // As PostgreSQL does with a process that is paused while it has the turn.
    const commit = vi.spyOn(Transaction.prototype, 'commit').mockImplementationOnce(async function (
      this: Transaction,
    ) {
      await database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
         and application_name = 'quietproof server' and state = 'idle in transaction'`,
      );
      await site.answer(two, 1);
      return this.commit();
    });
    await expect(site.answer(one, 0)).rejects.toMatchObject({ code: 'QP6571' });
    commit.mockRestore();
    expect((await site.answer(one, 2)).index).toBe(2);
    await database.close();
    await Promise.all([one.close(), two.close()]);
    expect(await entriesOf(site)).toHaveLength(3);
  });

  it.each([true, false])('whose commit was lost is asked about: committed %s', async (committed) => {
    const site = await Site.make();
    const server = await openServer(site, { models: models() });
    const real = Transaction.prototype.commit;
    const commit = vi.spyOn(Transaction.prototype, 'commit').mockImplementationOnce(async function (
      this: Transaction,
    ) {
      await (committed ? real.call(this) : this.rollback());
      throw new QuietproofError('QP6571', { cause: new LostCommit() });
    });
    const answer = site.answer(server);
    if (committed) expect((await answer).index).toBe(1);
    else await expect(answer).rejects.toMatchObject({ code: 'QP6571' });
    commit.mockRestore();
    expect((await site.answer(server)).index).toBe(committed ? 2 : 1);
    await server.close();
    expect(await entriesOf(site)).toHaveLength(committed ? 3 : 2);
  });
});

describe('a writer whose turn is over', () => {
  it('is refused by the database, whatever it sends', async () => {
    const site = await Site.make();
    const server = await openServer(site, { models: models() });
    const database = await connect(site);
    // It has the turn, and is cut off: the database ends its session, as after `idle_in_transaction_session_timeout`.
    const stale = await takeTurn(await database.begin());
    const answer = site.answer(server);
    const sessions = await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
       and application_name = 'quietproof test' and state = 'idle in transaction'`,
    );
    expect(sessions.rowCount).toBe(1);
    expect((await answer).index).toBe(stale.next);
    await expect(movePlace(stale, { next: stale.next + 1, lastTime: stale.lastTime })).rejects.toMatchObject({
      code: 'QP6571',
    });
    await stale.transaction.rollback();
    // It wakes up, and goes on over another connection with what it knew.
    await database.transaction(async (transaction) => {
      const late = { ...stale, transaction: transaction as Transaction };
      expect(await movePlace(late, { next: stale.next + 1, lastTime: stale.lastTime })).toBe(false);
    });
    // The turn that followed has another token, although this one was rolled back.
    const { rows: tokens } = await database.query('select writer_token from quietproof.log');
    expect(Number(tokens[0]!.writer_token)).toBeGreaterThan(Number(stale.token));
    const { rows: before } = await database.query('select * from quietproof.entry order by index');
    const insert = 'insert into quietproof.entry (index, text) values ($1, $2)';
    const refused: readonly (readonly [string, readonly unknown[]])[] = [
      // The place that it had is taken; behind it, nobody has moved the log to.
      [insert, [stale.next, 'another']],
      [insert, [stale.next + 1, 'another']],
      ['update quietproof.entry set text = $2 where index = $1', [stale.next, 'another']],
      ['delete from quietproof.entry where index = $1', [stale.next]],
      ['truncate quietproof.entry cascade', []],
      ['update quietproof.log set next = $1', [stale.next]],
      ['update quietproof.log set last_time = last_time - 1', []],
      ['update quietproof.log set size = size - 1 where size > 0', []],
      ['update quietproof.log set publisher_token = publisher_token - 1', []],
    ];
    await until(() => (server.metrics.publishedEntries === stale.next + 1 ? true : undefined));
    for (const [text, values] of refused) {
      await expect(database.query(text, values), text).rejects.toMatchObject({ code: 'QP6571' });
    }
    expect((await database.query('select * from quietproof.entry order by index')).rows).toEqual(before);
    expect((await site.answer(server)).index).toBe(stale.next + 1);
    await server.close();
    await database.close();
    expect(await entriesOf(site)).toHaveLength(stale.next + 2);
  });
});

describe('publishing', () => {
  it('is for whoever has the last lease, and never goes back', async () => {
    const site = await Site.make();
    const database = await connect(site);
    const server = await openServer(site, { models: models(), publishEvery: 3_600_000 });
    const log = new DatabaseLog(database);
    const writer = () =>
      new LogWriter(database, log, { origin: ORIGIN, signer: noteSigner(ORIGIN, 'note', site.key) });
    const plain = async ({ checkpoint }: { checkpoint: string }) => checkpoint;
    const take = async (id: string) => {
      const { rows } = await database.query<{ publisher_token: string }>(
        `update quietproof.log set publisher = $1, publisher_token = publisher_token + 1,
           publisher_until = clock_timestamp() + interval '50 s' returning publisher_token`,
        [id],
      );
      return { id, token: rows[0]!.publisher_token };
    };
    await until(() => (server.metrics.publishedEntries > 0 ? true : undefined));
    const [old, early] = [await take('00000000-0000-4000-8000-000000000001'), writer()];
    await site.answer(server);
    await early.publish(old, plain);
    const lease = await take('00000000-0000-4000-8000-000000000002');
    await site.answer(server);
    const before = await log.published();
    // It was paused, wakes up, and still believes that the log is its own.
    await expect(early.publish(old, plain)).rejects.toMatchObject({ code: 'QP6575' });
    expect(await early.amend(old, before!.checkpoint, before!.checkpoint)).toBe(false);
    expect(await log.published()).toEqual(before);
    // One that would publish a smaller tree behind the back of a larger one: the token alone is not enough.
    const slow = writer();
    const late = slow.publish(lease, async ({ checkpoint }) => {
      await site.answer(server);
      await writer().publish(lease, plain);
      return checkpoint;
    });
    await expect(late).rejects.toMatchObject({ code: 'QP6575' });
    expect((await log.published())!.size).toBe(4);
    await database.query(`update quietproof.log set publisher_until = '-infinity'`);
    await server.close();
    await database.close();
    expect(await entriesOf(site)).toHaveLength(4);
  });

  it('is gone on with by another server when the first is gone, also where the clock was set back', async () => {
    const site = await Site.make();
    const one = await openServer(site, { models: models(), publisherLease: 1 });
    await until(() => (one.metrics.publishedEntries === 1 ? true : undefined));
    const two = await openServer(site, { models: models(), publisherLease: 1 });
    const database = await connect(site);
    const publisherOf = async () => {
      const { rows } = await database.query<{ publisher: string }>('select publisher from quietproof.log');
      return rows[0]!.publisher;
    };
    const first = await publisherOf();
    await one.close();
    // As if it had been killed, and the database's clock had been an hour ahead when it took the lease.
    await database.query(`update quietproof.log set publisher_until = clock_timestamp() + interval '1 hour'`);
    await site.answer(two);
    await until(() => (two.metrics.publishedEntries === 2 ? true : undefined));
    expect(await publisherOf()).not.toBe(first);
    await database.close();
    await two.close();
  });
});
