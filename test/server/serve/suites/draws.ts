import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { isDrawn, openPromise } from '@quietproof/verify/seal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BeaconClient } from '#dist/server/serve/beacon-client.js';
import { drawAgain } from '../../../../src/log/examine/draw-again.ts';
import { readLog } from '../../../../src/log/examine/log-reader.ts';
import { provedLeaves } from '../../../../src/log/examine/proved-leaves.ts';
import type { Endpoint, LocalEndpoint, SealedAnswer } from '../../../../src/server/serve/endpoint.ts';
import { TestBeacon } from '../../../verify/seal/support/beacon.ts';
import { iris } from '../support/iris.ts';
import { itAlone } from '../support/kind.ts';
import { bundleOf, ORIGIN, Site, until } from '../support/open.ts';

/** A beacon of the test's own, which is out every second. */
let beacon: TestBeacon;
let server: Server;
let url: string;
/** What the next requests for rounds are answered with. */
let answers: (string | number)[];
beforeEach(async () => {
  beacon = new TestBeacon({ genesis: Math.floor(Date.now() / 1000) - 1000, period: 1 });
  answers = [];
  const { scheme, publicKey, genesis, period, seed, id } = beacon.info;
  const info = {
    schemeID: scheme,
    public_key: publicKey,
    genesis_time: genesis,
    period,
    groupHash: seed,
    hash: beacon.chain.hash,
    metadata: { beaconID: id },
  };
  server = createServer(({ url: asked = '' }, response) => {
    if (asked === `/${beacon.chain.hash}/info`) return response.end(JSON.stringify(info));
    const round = Number(new RegExp(`^/${beacon.chain.hash}/public/(\\d+)$`).exec(asked)?.[1]);
    const next = answers.shift() ?? (Number.isNaN(round) ? 404 : JSON.stringify(beacon.round(round)));
    if (typeof next === 'number') response.statusCode = next;
    return response.end(typeof next === 'string' ? next : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => server.close());

/** Of an endpoint that keeps answers in its memory. */
const inMemory = (endpoint: Endpoint | LocalEndpoint) =>
  'answers' in endpoint ? [...endpoint.answers()] : [];

const openBeacon = () => BeaconClient.open({ url, chain: beacon.chain.hash });

async function openSampling(site: Site, share: string, withBeacon = true) {
  const sample = { share, delay: 1, ...(withBeacon && { beacon: beacon.chain.hash }) };
  const policy = { prove: 'sample', sample, within: 60, retention: 3600 } as const;
  const beacons = withBeacon ? [await openBeacon()] : [];
  return site.open({ models: [{ artifactDir: iris().artifactDir, policy }], beacons });
}

describe('draws by a beacon', () => {
  it('are those that everybody else computes, and are proved, also after a restart and failures', async () => {
    const site = await Site.make();
    // Not there, not a round, another round: none of these is believed.
    answers.push(
      500,
      '{}',
      JSON.stringify(beacon.round(1)),
      JSON.stringify({ ...beacon.round(1), round: 2 }),
    );
    let endpoint = await openSampling(site, '0.5');
    const given: SealedAnswer[] = [];
    for (let n = 0; n < 8; n += 1) given.push(await site.answer(endpoint, n));
    await endpoint.close();
    endpoint = await openSampling(site, '0.5');
    const drawn = given.filter(({ promise, index }) => {
      const { entry, promised } = openPromise(promise, site.policy);
      const { randomness } = beacon.checked(entry.draw!.round);
      return isDrawn({ origin: ORIGIN, index, entry: Buffer.from(promised.entry), randomness, share: '0.5' });
    });
    for (const { receiptId } of drawn) await bundleOf(endpoint, receiptId);
    await until(() => (answers.length === 0 ? true : undefined));
    expect(site.events.filter(({ kind }) => kind === 'beacon-failed').length).toBeGreaterThan(0);
    for (const answer of given) {
      const state = drawn.includes(answer) ? 'proved' : 'sealed';
      expect(await endpoint.receipt(answer.receiptId)).toMatchObject({ state });
    }
    expect(inMemory(endpoint)).toEqual([]);
    // What its round has decided about can still be asked for, and is finished with its proof.
    const { receiptId } = given.find((answer) => !drawn.includes(answer)) ?? given[0]!;
    await endpoint.ask(receiptId);
    await bundleOf(endpoint, receiptId);
    expect(inMemory(endpoint)).toEqual([]);
    await endpoint.close();
  });

  itAlone(
    'are drawn again from the log, and those without a proof are named after their deadline',
    async () => {
      const site = await Site.make();
      const endpoint = await openSampling(site, '0.5');
      const given: SealedAnswer[] = [];
      for (let n = 0; n < 6; n += 1) given.push(await site.answer(endpoint, n));
      await until(() =>
        endpoint.metrics.logEntries === endpoint.metrics.publishedEntries ? true : undefined,
      );
      const rounds = { chain: beacon.chain, round: async (number: number) => beacon.checked(number) };
      const { modelId } = endpoint.models[0]!;
      const again = (folder: string, now: number, more: object = {}) =>
        drawAgain({
          ...{ reader: readLog(path.join(site.folder, 'log')), beacon: rounds, now, ...more },
          log: { ...site.policy, witnesses: { least: 0, of: [] } },
          proved: (leaves) => provedLeaves(folder, leaves, [modelId]),
        });
      const proofs = path.join(site.folder, 'proofs');
      const later = Math.floor(Date.now() / 1000) + 3600;
      const { drawn } = (await again(proofs, later)).audit;
      for (const { index } of drawn)
        await bundleOf(endpoint, given.find((one) => one.index === index)!.receiptId);
      const after = await again(proofs, later);
      expect(after).toMatchObject({
        size: 7,
        announced: ['share', 'delay', 'within'],
        policy: { share: '0.5' },
      });
      expect(after.audit).toMatchObject({ answers: 6, faults: [], open: [], wanted: [] });
      expect(after.audit.drawn).toEqual(drawn.map((one) => ({ ...one, state: 'proved' })));
      // A stricter promise than the log follows is not kept by it.
      const { faults } = (await again(proofs, later, { policy: { delay: 2 } })).audit;
      expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['QP7753']));
      await rm(proofs, { recursive: true });
      await mkdir(proofs);
      await writeFile(path.join(proofs, 'x.proof.json'), '{}');
      const missing = (await again(proofs, later)).audit.faults;
      expect(missing.map(({ index, code }) => [index, code])).toEqual(
        drawn.map(({ index }) => [index, 'QP7757']),
      );
      expect((await again(proofs, Math.floor(Date.now() / 1000))).audit.faults).toEqual([]);
      await endpoint.close();
    },
  );

  it('seals nothing under a round that is known already', async () => {
    const site = await Site.make();
    const endpoint = await openSampling(site, '1');
    const { receiptId } = await site.answer(endpoint);
    await expect(endpoint.reveal(receiptId, new Uint8Array(32))).rejects.toMatchObject({ code: 'QP6558' });
    await bundleOf(endpoint, receiptId);
    site.ahead = -60_000;
    await expect(site.answer(endpoint)).rejects.toMatchObject({ code: 'QP6560' });
    expect(endpoint.metrics.logEntries).toBe(2);
    site.ahead = 0;
    await site.answer(endpoint);
    await endpoint.close();
  });

  it('need the beacon that the policy names', async () => {
    const site = await Site.make();
    const other = BeaconClient.open({ url, chain: '0'.repeat(64) });
    await expect(other).rejects.toMatchObject({ code: 'QP6557' });
    const sample = { share: '0.1', delay: 1, beacon: '0'.repeat(64) };
    const policy = { prove: 'sample', sample, within: 60, retention: 3600 } as const;
    const models = [{ artifactDir: iris().artifactDir, policy }];
    await expect(site.open({ models })).rejects.toMatchObject({ code: 'QP6553' });
    // Nothing of the failed opening holds the folder.
    await (await site.open()).close();
  });
});

describe('draws by randomness of the caller', () => {
  it('decide once', async () => {
    const site = await Site.make();
    const endpoint = await openSampling(site, '0.5', false);
    const { receiptId, index, promise } = await site.answer(endpoint);
    const entry = Buffer.from(openPromise(promise, site.policy).promised.entry);
    const all = Array.from({ length: 32 }, (_, i) => new Uint8Array(32).fill(i));
    const draws = (randomness: Uint8Array) =>
      isDrawn({ origin: ORIGIN, index, entry, randomness, share: '0.5' });
    const [yes, no] = [all.find(draws)!, all.find((one) => !draws(one))!];
    await expect(endpoint.reveal(receiptId, yes.subarray(1))).rejects.toMatchObject({ code: 'QP6558' });
    const decided = { drawn: false, receipt: { state: 'sealed' } };
    expect(await endpoint.reveal(receiptId, no)).toMatchObject(decided);
    expect(await endpoint.reveal(receiptId, yes)).toMatchObject(decided);
    // Of several at once, any may be the first; the others hear what it decided.
    const raced = await site.answer(endpoint);
    const told = await Promise.all(all.slice(0, 8).map((one) => endpoint.reveal(raced.receiptId, one)));
    expect(new Set(told.map((one) => one?.drawn)).size).toBe(1);
    const second = await site.answer(endpoint, 1);
    await endpoint.close();
    const again = await openSampling(site, '1', false);
    expect(await again.reveal(receiptId, yes)).toMatchObject({ drawn: false });
    // The share is the one that was announced when the answer was given.
    expect(await again.reveal('0'.repeat(64), yes)).toBeUndefined();
    const third = await site.answer(again, 2);
    expect(await again.reveal(third.receiptId, no)).toMatchObject({ drawn: true });
    await bundleOf(again, third.receiptId);
    expect(await again.receipt(second.receiptId)).toMatchObject({ state: 'sealed' });
    await again.close();
  });
});
