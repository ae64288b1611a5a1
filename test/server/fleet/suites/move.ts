import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { DatabaseLog } from '#dist/server/fleet/database-log.js';
import { moveToDatabase } from '#dist/server/fleet/move-to-database.js';
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
