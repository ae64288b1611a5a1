import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { DatabaseLog } from '#dist/server/fleet/database-log.js';
import { moveToDatabase } from '#dist/server/fleet/move/move-to-database.js';
import { Webhooks } from '#dist/server/webhooks/webhooks.js';
import { TestAuthority } from '../../serve/support/authority.ts';
import { Hook } from '../../serve/support/hook.ts';
import { iris } from '../../serve/support/iris.ts';
import { bundleOf, ORIGIN, Site, until } from '../../serve/support/open.ts';
import { connect, databaseOf, inputsKey, openServer, startWorker } from '../support/fleet-kind.ts';

const move = (site: Site, folder = site.folder) =>
  moveToDatabase({
    folder,
    database: databaseOf(site),
    inputsKey: inputsKey(),
    origin: ORIGIN,
    key: site.key,
  });

it('an endpoint over files goes on over a database, with the same log, and its folder is left alone', async () => {
  const site = await Site.make();
  const policy = { prove: 'on-demand', within: 60, retention: 100 } as const;
  const models = [{ artifactDir: iris().artifactDir, policy }];
  let local = await site.openLocal({ models });
  const old = await site.answer(local, 0);
  await local.close();
  site.ahead = 101_000;
  local = await site.openLocal({ models });
  await until(() => site.events.find(({ kind }) => kind === 'erased'));
  const given = [await site.answer(local, 1), await site.answer(local, 2), await site.answer(local, 3)];
  const [proved, asked, left] = given.map(({ receiptId }) => receiptId) as [string, string, string];
  await local.ask(proved);
  const bundle = await bundleOf(local, proved);
  const openings = await Promise.all(given.map(({ receiptId }) => local.opening(receiptId)));
  await expect(move(site)).rejects.toMatchObject({ code: 'QP6206' });
  // Proved while the endpoint closes, or work that is moved.
  await local.ask(asked);
  await local.close();
  const isDone = (await readdir(path.join(site.folder, 'proofs'), { recursive: true })).some((name) =>
    name.includes(asked),
  );
  const checkpoint = await readFile(path.join(site.folder, 'log', 'checkpoint'), 'utf8');
  const counts = {
    entries: 5,
    answers: 3,
    proofs: isDone ? 2 : 1,
    waiting: isDone ? 0 : 1,
    erased: 1,
    timestamps: 0,
    notices: 0,
  };
  expect(await move(site)).toEqual(counts);
  await expect(move(site)).rejects.toMatchObject({ code: 'QP6578' });
  await expect(site.openLocal({ models })).rejects.toMatchObject({ code: 'QP6563' });

  const database = await connect(site);
  const log = new DatabaseLog(database);
  expect((await log.published())!.checkpoint).toBe(checkpoint);
  await database.close();
  const server = await openServer(site, { models });
  expect(await server.receipt(old.receiptId)).toEqual({ state: 'expired' });
  expect(await server.receipt(proved)).toMatchObject({ state: 'proved', bundle });
  expect(await server.receipt(left)).toMatchObject({ state: 'sealed' });
  expect(await Promise.all(given.map(({ receiptId }) => server.opening(receiptId)))).toEqual(openings);
  const worker = await startWorker(site);
  await bundleOf(server, asked);
  expect((await site.answer(server, 4)).index).toBe(5);
  await worker.close();
  await server.close();
});

it('a folder whose files do not agree is not moved, and goes on', async () => {
  const site = await Site.make();
  const local = await site.openLocal();
  const { receiptId } = await site.answer(local);
  await bundleOf(local, receiptId);
  await local.close();
  const checkpoint = path.join(site.folder, 'log', 'checkpoint');
  const text = await readFile(checkpoint, 'utf8');
  await writeFile(checkpoint, text.replace(/^2$/m, '1'));
  await expect(move(site)).rejects.toMatchObject({ code: 'QP6401' });
  await writeFile(checkpoint, text);
  await (await site.openLocal()).close();
  expect(await move(site)).toMatchObject({ entries: 2, answers: 1, proofs: 1 });
});

it('timestamps are moved, and notices that are owed to webhooks: none is asked for or sent again', async () => {
  const site = await Site.make();
  const [authority, hook] = await Promise.all([TestAuthority.start(), Hook.start()]);
  const policy = { prove: 'on-demand', within: 60, retention: 86_400 } as const;
  const own = { models: [{ artifactDir: iris().artifactDir, policy }], authorities: [authority.given] };
  const addresses = await hook.addresses(site);
  const local = await site.openLocal({ ...own, owed: () => true });
  const webhooks = await Webhooks.open(local, {
    addresses,
    folder: path.join(site.folder, 'webhooks'),
    onFailure: () => {},
    firstPause: 2,
  });
  const ready = async (n: number) => {
    const { receiptId } = await site.answer(local, n);
    await local.ask(receiptId);
    await bundleOf(local, receiptId);
    webhooks.heard({ kind: 'proved', receiptId, seconds: 0 });
    return receiptId;
  };
  const first = await ready(0);
  await until(() => (hook.got.length === 1 ? true : undefined));
  hook.away = true;
  const second = await ready(1);
  await until(() => (webhooks.receivers[0]!.failed > 0 ? true : undefined));
  await webhooks.close();
  const folder = path.join(site.folder, 'log', 'timestamp');
  const list = await until(() => readFile(path.join(folder, 'list')).catch(() => undefined));
  await local.close();
  const { size, timestamp, checkpoint } = JSON.parse(list.toString());
  const file = path.join(folder, timestamp);
  await rename(file, `${file}.away`);
  await expect(move(site)).rejects.toMatchObject({ code: 'QP6562' });
  await rename(`${file}.away`, file);
  expect(await move(site)).toMatchObject({ proofs: 2, timestamps: 1, notices: 1 });
  [authority.asked, hook.away] = [0, false];
  const server = await openServer(site, { ...own, webhooks: addresses });
  for (const name of ['list', timestamp, checkpoint]) {
    const moved = Buffer.from((await server.logFile(`timestamp/${name}`))!);
    expect(moved.equals(await readFile(path.join(folder, name))), name).toBe(true);
  }
  await until(() => (hook.got.length === 2 ? true : undefined));
  expect(hook.told).toEqual([
    ['proof.ready', first],
    ['proof.ready', second],
  ]);
  await site.answer(server);
  await until(() => (server.metrics.publishedEntries === 4 ? true : undefined));
  expect(server.metrics.authorities).toMatchObject([{ entries: size, failures: 0 }]);
  await server.close();
  expect(authority.asked).toBe(0);
  authority.close();
  hook.close();
});
