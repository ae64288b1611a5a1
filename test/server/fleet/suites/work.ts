import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputsKey } from '#dist/server/fleet/inputs-key.js';
import { loadPackages } from '#dist/server/fleet/packages.js';
import { ProofQueue } from '#dist/server/fleet/queue.js';
import { takeFirst } from '#dist/server/fleet/take-first.js';
import { iris } from '../../serve/support/iris.ts';
import { ALL, bundleOf, Site, until } from '../../serve/support/open.ts';
import { cluster, connect, databaseOf, KEY, openServer, startWorker } from '../support/fleet-kind.ts';

const openQueue = async (site: Site) =>
  ProofQueue.open(await loadPackages(), { url: databaseOf(site), onError: () => {} });

async function proofsIn(site: Site): Promise<{ receipt_id: string }[]> {
  const database = await connect(site);
  const { rows } = await database.query<{ receipt_id: string }>('select receipt_id from quietproof.proof');
  await database.close();
  return rows;
}

describe('a job', () => {
  it('that is asked for comes first, whatever waits', async () => {
    const site = await Site.make();
    const server = await openServer(site);
    const given = [];
    for (let n = 0; n < 4; n += 1) given.push(await site.answer(server, n));
    expect(await server.ask(given[3]!.receiptId)).toMatchObject({ state: 'queued', place: 0 });
    expect(await server.receipt(given[2]!.receiptId)).toMatchObject({ state: 'queued', place: 3 });
    const queue = await openQueue(site);
    const taken: number[] = [];
    for (const least of ['asked', 'asked', 'policy', 'policy', 'policy', 'policy'] as const) {
      taken.push((await queue.take(site.record.ids.modelId, least))?.index ?? 0);
    }
    expect(taken).toEqual([4, 0, 1, 2, 3, 0]);
    await queue.close();
    await server.close();
  });

  it('of a model that is warm comes first, but for what somebody has asked for', async () => {
    const site = await Site.make();
    const server = await openServer(site, { models: [] });
    const [queue, database] = [await openQueue(site), await connect(site)];
    const [cold, warm] = ['c'.repeat(64), 'd'.repeat(64)];
    for (const [at, modelId] of [cold, warm].entries()) {
      await queue.make(modelId);
      const jobs = [1, 2].map((n) => ({ id: randomUUID(), index: 10 * at + n, lane: 'policy' as const }));
      await queue.add(database, modelId, jobs);
    }
    await queue.add(database, cold, [{ id: randomUUID(), index: 3, lane: 'asked' }]);
    const taken: (number | undefined)[] = [];
    for (let n = 0; n < 6; n += 1) {
      const job = await takeFirst(queue, [cold, warm], new Set([warm]));
      if (job !== undefined) expect(job.modelId).toBe(job.index > 10 ? warm : cold);
      taken.push(job?.index);
    }
    expect(taken).toEqual([3, 11, 12, 1, 2, undefined]);
    await queue.close();
    await database.close();
    await server.close();
  });

  it('that fails is tried again, given up with a reason, and begun anew when it is asked for', async () => {
    const site = await Site.make();
    const server = await openServer(site, { attempts: 1 });
    const { receiptId } = await site.answer(server);
    const empty = await mkdtemp(path.join(site.folder, 'empty-'));
    const failing = await startWorker(site, { artifacts: empty });
    const givenUp = await until(async () => {
      const receipt = await server.receipt(receiptId);
      return receipt?.state === 'queued' ? receipt.givenUp : undefined;
    });
    expect(givenUp).toBe('QP6576: The artifact of a model cannot be had');
    await until(() => (server.metrics.fleet?.queues[0]?.dead === 1 ? true : undefined));
    expect(server.metrics).toMatchObject({ waiting: 0, oldestWaiting: 0, fleet: { workers: 1 } });
    await failing.close();
    expect(await server.ask(receiptId)).not.toHaveProperty('givenUp');
    const worker = await startWorker(site);
    await bundleOf(server, receiptId);
    await until(() => (server.metrics.fleet?.queues[0]?.dead === 0 ? true : undefined));
    await worker.close();
    await server.close();
  });

  it('is shared by workers, each answer proved once', async () => {
    const site = await Site.make();
    const server = await openServer(site);
    const given = await Promise.all(Array.from({ length: 12 }, (_, n) => site.answer(server, n)));
    const workers = [await startWorker(site, { name: 'one' }), await startWorker(site, { name: 'two' })];
    for (const { receiptId } of given) await bundleOf(server, receiptId);
    expect((await proofsIn(site)).map(({ receipt_id }) => receipt_id).sort()).toEqual(
      given.map(({ receiptId }) => receiptId).sort(),
    );
    await until(() => (server.metrics.proved === 12 ? true : undefined));
    expect(server.metrics.fleet).toMatchObject({ workers: 2, threads: 2 });
    const database = await connect(site);
    const warm = async () => (await database.query('select warm from quietproof.worker')).rows;
    for (const worker of workers) await worker.close();
    // Both said which model they had in memory.
    expect(await warm()).toEqual([0, 1].map(() => ({ warm: [site.record.ids.modelId] })));
    await database.close();
    await server.close();
  });
});

describe('back-pressure', () => {
  it('refuses answers on every server while proofs are too late', async () => {
    const site = await Site.make();
    const [one, two] = [await openServer(site), await openServer(site)];
    await site.answer(one);
    site.ahead = 700_000;
    for (const server of [one, two]) {
      await until(() => (server.metrics.oldestWaiting > 600 ? true : undefined));
      await expect(site.answer(server)).rejects.toMatchObject({ code: 'QP6551' });
      expect(server.metrics).toMatchObject({ refused: 1 });
    }
    await Promise.all([one.close(), two.close()]);
  });
});

describe('private inputs', () => {
  it('are never on the disk in clear, are opened by older keys too, and are erased', async () => {
    const site = await Site.make();
    const policy = { ...ALL, within: 60, retention: 100 };
    const models = [{ artifactDir: iris().artifactDir, policy }];
    let server = await openServer(site, { models });
    const { receiptId, salt, nonce } = await site.answer(server);
    const opening = await server.opening(receiptId);
    expect(opening).toBeDefined();
    const database = await connect(site);
    await database.query('checkpoint');
    const onDisk = (words: readonly string[]) => cluster().grep(words);
    expect(onDisk(['statement_timeout'])).not.toBe('');
    expect(onDisk([salt!, nonce, JSON.stringify(opening!.values)])).toBe('');
    await server.close();
    // A new first key: what the old one has encrypted is still opened.
    const both = InputsKey.parse(`${'cd'.repeat(32)}\n${KEY}\n`);
    server = await openServer(site, { models, inputsKey: both });
    expect(await server.opening(receiptId)).toEqual(opening);
    const second = await site.answer(server, 1);
    await server.close();
    server = await openServer(site, { models });
    await expect(server.opening(second.receiptId)).rejects.toMatchObject({ code: 'QP6574' });
    // One record in the place of another is refused, whoever has put it there.
    await database.query(
      `update quietproof.answer a set private = b.private, key_id = b.key_id
       from quietproof.answer b where a.index = 2 and b.index = 1`,
    );
    await expect(server.opening(second.receiptId)).rejects.toMatchObject({ code: 'QP6574' });
    const worker = await startWorker(site);
    await bundleOf(server, receiptId);
    await worker.close();
    site.ahead = 101_000;
    for (const id of [receiptId, second.receiptId]) {
      expect(await server.receipt(id)).toEqual({ state: 'expired' });
    }
    await until(async () => {
      const { rows } = await database.query<{ left: string }>(
        'select (select count(*) from quietproof.answer) + (select count(*) from quietproof.proof) "left"',
      );
      return rows[0]!.left === '0' || undefined;
    });
    expect(await server.receipt(receiptId)).toEqual({ state: 'expired' });
    expect(await server.ask(receiptId)).toEqual({ state: 'expired' });
    expect(await server.receipt('f'.repeat(64))).toBeUndefined();
    await database.close();
    await server.close();
  });
});
