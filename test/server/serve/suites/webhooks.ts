import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSecrets } from '../../../../src/webhook/secrets.ts';
import { Hook, secretOf } from '../support/hook.ts';
import { iris } from '../support/iris.ts';
import { FLEET, itAlone } from '../support/kind.ts';
import { ALL, bundleOf, type HookedEndpoint, Site, until } from '../support/open.ts';

let hook: Hook;
beforeEach(async () => {
  hook = await Hook.start();
});
afterEach(() => hook.close());

/** An address at which nobody listens. */
async function deadUrl(): Promise<string> {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await new Promise((resolve) => other.close(resolve));
  return `http://127.0.0.1:${port}/`;
}

async function open(
  site: Site,
  { urls = [hook.url], policy = ALL as object, lookEvery = 5000 } = {},
): Promise<HookedEndpoint> {
  const models = [{ artifactDir: iris().artifactDir, policy: policy as typeof ALL }];
  const addresses = await hook.addresses(site, urls);
  return site.openHooked({ models, publishEvery: 100 }, { addresses, lookEvery, firstPause: 2 });
}

describe('webhooks', () => {
  it('tell that proofs are ready, again until it is confirmed, signed, and without inputs and outputs', async () => {
    const site = await Site.make();
    const { endpoint, receivers, close } = await open(site, { urls: [hook.url, await deadUrl()] });
    hook.statuses.push(500, 302, 429);
    const answers = [await site.answer(endpoint, 0), await site.answer(endpoint, 1)];
    await until(() => (new Set(hook.told.map(([, id]) => id)).size === 2 ? true : undefined));
    const { receiptId, index } = answers[0]!;
    const { id, message } = hook.got.find(({ message: { data } }) => data.receiptId === receiptId)!;
    expect(id).toBe(`proof-ready_${receiptId}`);
    const day = expect.stringMatching(/^20\d\d-.*Z$/);
    expect(message).toEqual({
      type: 'proof.ready',
      timestamp: day,
      data: {
        receiptId,
        index,
        origin: endpoint.origin,
        modelId: endpoint.models[0]!.modelId,
        sealed: day,
        due: day,
        expires: day,
        proof: `/v2/proofs/${receiptId}`,
        receipt: `/receipts/${receiptId}`,
      },
    });
    expect(new Set(hook.paths)).toEqual(new Set(['/hook']));
    await until(() => (receivers()[0]!.waiting === 0 ? true : undefined));
    expect(receivers()[0]).toMatchObject({ waiting: 0, delivered: 2, failed: 3 });
    await until(() => (receivers()[1]!.failed > 0 ? true : undefined));
    expect(receivers()[1]).toMatchObject({ waiting: 2, delivered: 0 });
    await close();
  });

  it('that are not confirmed are owed after a restart, and no others', async () => {
    const site = await Site.make();
    let both = await open(site);
    await site.answer(both.endpoint, 0);
    await until(() => (hook.got.length === 1 ? true : undefined));
    hook.away = true;
    const { receiptId } = await site.answer(both.endpoint, 1);
    await bundleOf(both.endpoint, receiptId);
    await until(() => (both.receivers()[0]!.failed > 0 ? true : undefined));
    await both.close();
    hook.away = false;
    both = await open(site);
    await until(() => (both.receivers()[0]!.delivered > 0 ? true : undefined));
    expect(both.receivers()[0]).toMatchObject({ waiting: 0, delivered: 1 });
    expect(hook.got).toHaveLength(2);
    expect(hook.got[1]!.message.data.receiptId).toBe(receiptId);
    await both.close();
    if (FLEET) return;
    // What is kept of it does not say which receipts there were.
    const folder = path.join(site.folder, 'webhooks');
    const files = await Promise.all(
      (await readdir(folder)).map((name) => readFile(path.join(folder, name), 'utf8')),
    );
    expect(files.join('')).toContain(receiptId.slice(0, 16));
    expect(files.join('')).not.toContain(receiptId.slice(0, 17));
  });

  itAlone('tell once that a proof is late, and later that it is there', async () => {
    const site = await Site.make();
    const policy = { prove: 'on-demand', within: 1, retention: 86_400 };
    const { endpoint, close } = await open(site, { policy, lookEvery: 5 });
    // Nothing is due.
    await site.answer(endpoint, 0);
    const { receiptId } = await site.answer(endpoint, 1);
    await endpoint.ask(receiptId);
    site.ahead = 60_000;
    await until(() => (hook.got.length === 2 ? true : undefined));
    expect(hook.told).toEqual([
      ['proof.late', receiptId],
      ['proof.ready', receiptId],
    ]);
    await close();
  });

  itAlone('begin with the answers after they were named', async () => {
    const site = await Site.make();
    const endpoint = await site.open();
    const { receiptId } = await site.answer(endpoint, 0);
    await bundleOf(endpoint, receiptId);
    await endpoint.close();
    site.ahead = 5000;
    const hooked = await open(site);
    const after = await site.answer(hooked.endpoint, 1);
    await until(() => (hook.got.length === 1 ? true : undefined));
    expect(hook.told).toEqual([['proof.ready', after.receiptId]]);
    await hooked.close();
    for (const address of ['hook', 'ftp://x/', 'https://user:password@x/']) {
      await expect(open(site, { urls: [address] })).rejects.toMatchObject({ code: 'QP6591' });
    }
  });
});

describe('a file of webhook secrets', () => {
  it.each([
    ['no secret', '# nothing\n'],
    ['a short secret', 'whsec_c2hvcnQ='],
    ['something else', 'my-secret-word'],
    ['another base64', `${secretOf()}=`],
    ['too many', Array.from({ length: 9 }, secretOf).join('\n')],
  ])('with %s is refused, and not shown', async (_, text) => {
    const file = path.join(await mkdtemp(path.join(iris().root, 'secret-')), 'secret');
    await expect(readSecrets(file)).rejects.toMatchObject({ code: 'QP6593' });
    await writeFile(file, text);
    await expect(readSecrets(file)).rejects.toThrow('QP6593');
    await expect(readSecrets(file)).rejects.not.toThrow('my-secret-word');
  });
});
