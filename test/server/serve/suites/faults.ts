import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canMount, runOnSmallDisk } from '../../../support/small-disk.ts';
import { iris } from '../support/iris.ts';
import { FLEET, itAlone } from '../support/kind.ts';
import { bundleOf, entriesOf, Site, until } from '../support/open.ts';

const onDemand = () => {
  const policy = { prove: 'on-demand', within: 3600, retention: 86_400 } as const;
  return { models: [{ artifactDir: iris().artifactDir, policy }] };
};

describe('an endpoint', () => {
  itAlone('has its folder to itself', async () => {
    const site = await Site.make();
    const endpoint = await site.open(onDemand());
    await expect(site.open(onDemand())).rejects.toMatchObject({ code: 'QP6206' });
    await endpoint.close();
    await (await site.open(onDemand())).close();
  });

  it('makes many answers durable with few groups', async () => {
    const site = await Site.make();
    const endpoint = await site.open(onDemand());
    const before = endpoint.metrics.groups;
    await Promise.all(Array.from({ length: 200 }, (_, n) => site.answer(endpoint, n)));
    // The first asks alone, or with all others.
    expect(endpoint.metrics.groups - before).toBeLessThanOrEqual(2);
    await endpoint.close();
  });

  it('never writes an entry that is older than the one before', async () => {
    const site = await Site.make();
    const first = await site.open(onDemand());
    await site.answer(first);
    site.ahead = -3_600_000;
    await site.answer(first);
    expect(site.events).toContainEqual(expect.objectContaining({ kind: 'clock-set-back' }));
    expect(first.metrics.clockBehind).toBeGreaterThan(3500);
    await first.close();
    const second = await site.open(onDemand());
    await site.answer(second);
    await second.close();
    const times = (await entriesOf(site)).map((text) => JSON.parse(text).time as number);
    expect(times).toHaveLength(4);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  itAlone('appends to its log again what a power failure took back, with the same tree', async () => {
    const site = await Site.make();
    const log = path.join(site.folder, 'log');
    const first = await site.open(onDemand());
    await site.answer(first, 0);
    await first.close();
    await cp(log, `${log}-before`, { recursive: true });
    const second = await site.open(onDemand());
    for (const n of [1, 2, 3]) await site.answer(second, n);
    await second.close();
    const checkpoint = await readFile(path.join(log, 'checkpoint'), 'utf8');
    await rm(log, { recursive: true });
    await rename(`${log}-before`, log);
    const third = await site.open(onDemand());
    await until(() => (third.metrics.publishedEntries === 5 ? true : undefined));
    await third.close();
    expect(await readFile(path.join(log, 'checkpoint'), 'utf8')).toBe(checkpoint);
  });

  itAlone('goes on when its log could not be written for a while', async () => {
    const site = await Site.make();
    const endpoint = await site.open();
    await until(() => (endpoint.metrics.publishedEntries === 1 ? true : undefined));
    const tile = path.join(site.folder, 'log', 'tile');
    await rename(tile, `${tile}-away`);
    await writeFile(tile, '');
    const { receiptId } = await site.answer(endpoint);
    await until(() => site.events.find(({ kind }) => kind === 'publish-failed'));
    expect(await endpoint.receipt(receiptId)).toMatchObject({ state: 'queued' });
    await rm(tile);
    await rename(`${tile}-away`, tile);
    await bundleOf(endpoint, receiptId);
    await endpoint.close();
  });

  itAlone('gives no answers while proofs are too late, and says for how long', async () => {
    const site = await Site.make();
    const endpoint = await site.open();
    const { receiptId } = await site.answer(endpoint);
    site.ahead = 700_000;
    await expect(site.answer(endpoint)).rejects.toMatchObject({
      code: 'QP6551',
      retryAfter: expect.any(Number),
    });
    expect(endpoint.metrics).toMatchObject({ refused: 1, answers: 1 });
    await bundleOf(endpoint, receiptId);
    await site.answer(endpoint);
    await endpoint.close();
    await expect(site.answer(endpoint)).rejects.toMatchObject({ code: 'QP6552' });
  });
});

it.skipIf(!canMount || FLEET)('a full disk refuses answers, and loses none', async () => {
  const folder = path.join(iris().root, 'small');
  await mkdir(folder);
  const script = path.resolve('test/server/serve/support/fill-disk.mjs');
  const { stdout, stderr } = runOnSmallDisk(folder, '256k', [process.execPath, script, folder], 'true');
  expect(stdout, stderr).toBe('exit 0\n');
  const { refused, acknowledged, found, next } = JSON.parse(stderr);
  expect(refused).toBe('QP8001');
  expect(acknowledged).toBeGreaterThan(5);
  expect({ found, next }).toEqual({ found: acknowledged, next: acknowledged });
});
