import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalEndpoint } from '../../../../src/server/serve/endpoint.ts';
import { Webhooks } from '../../../../src/server/webhooks/webhooks.ts';
import { readSecrets } from '../../../../src/webhook/secrets.ts';
import { iris } from '../support/iris.ts';
import { ALL, bundleOf, Site, until } from '../support/open.ts';

const secretOf = () => `whsec_${randomBytes(32).toString('base64')}`;

interface Got {
  readonly id: string;
  readonly message: { readonly type: string; readonly data: Record<string, unknown> };
}

/** Verifies what it gets by the library, and answers with these statuses first, then with 204. */
let got: Got[];
let paths: string[];
let statuses: number[];
let away: boolean;
let server: Server;
let url: string;
const secrets = [secretOf(), secretOf()] as const;
beforeEach(async () => {
  [got, paths, statuses, away] = [[], [], [], false];
  server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const headers = request.headers as Record<string, string>;
    paths.push(request.url ?? '');
    const status = away ? 503 : (statuses.shift() ?? 204);
    const message = new Webhook(secrets[1]).verify(Buffer.concat(parts), headers) as Got['message'];
    if (status === 204) got.push({ id: headers['webhook-id']!, message });
    response.writeHead(status, { location: '/elsewhere' }).end('ignored');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterEach(() => server.close());

/** An address at which nobody listens. */
async function deadUrl(): Promise<string> {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await new Promise((resolve) => other.close(resolve));
  return `http://127.0.0.1:${port}/`;
}

async function openHooks(
  site: Site,
  endpoint: LocalEndpoint,
  { urls = [url], lookEvery = 5000, clock = Date.now } = {},
): Promise<Webhooks> {
  const secretFile = path.join(site.folder, 'secret');
  await writeFile(secretFile, `# the next, and the last\n${secrets.join('\n')}\n`);
  return Webhooks.open(endpoint, {
    addresses: urls.map((own) => ({ url: own, secretFile })),
    folder: path.join(site.folder, 'webhooks'),
    onFailure: () => {},
    firstPause: 2,
    lookEvery,
    clock,
  });
}

/** An endpoint with webhooks that hear its events. */
async function openBoth(site: Site, hooks: Parameters<typeof openHooks>[2] = {}, policy: object = ALL) {
  let webhooks: Webhooks | undefined;
  const endpoint = await site.openLocal({
    models: [{ artifactDir: iris().artifactDir, policy: policy as typeof ALL }],
    publishEvery: 100,
    owed: (receiptId) => webhooks?.owes(receiptId) ?? true,
    onEvent: (event) => webhooks?.heard(event),
  });
  webhooks = await openHooks(site, endpoint, hooks);
  const close = async () => {
    await webhooks?.close();
    await endpoint.close();
  };
  return { endpoint, webhooks, close };
}

const ids = () => new Set(got.map(({ message }) => message.data.receiptId));

describe('webhooks', () => {
  it('tell that proofs are ready, again until it is confirmed, signed, and without inputs and outputs', async () => {
    const site = await Site.make();
    const { endpoint, webhooks, close } = await openBoth(site, { urls: [url, await deadUrl()] });
    statuses.push(500, 302, 429);
    const answers = [await site.answer(endpoint, 0), await site.answer(endpoint, 1)];
    await until(() => (ids().size === 2 ? true : undefined));
    const { receiptId, index } = answers[0]!;
    const { id, message } = got.find(({ message: { data } }) => data.receiptId === receiptId)!;
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
    expect(new Set(paths)).toEqual(new Set(['/hook']));
    const [first, dead] = webhooks.receivers;
    await until(() => (first!.waiting === 0 ? true : undefined));
    expect(first).toMatchObject({ waiting: 0, delivered: 2, failed: 3 });
    await until(() => (dead!.failed > 0 ? true : undefined));
    expect(dead).toMatchObject({ waiting: 2, delivered: 0 });
    await close();
  });

  it('that are not confirmed are owed after a restart, and no others', async () => {
    const site = await Site.make();
    let both = await openBoth(site);
    await site.answer(both.endpoint, 0);
    await until(() => (got.length === 1 ? true : undefined));
    away = true;
    const { receiptId } = await site.answer(both.endpoint, 1);
    await bundleOf(both.endpoint, receiptId);
    await until(() => (both.webhooks.receivers[0]!.failed > 0 ? true : undefined));
    await both.close();
    away = false;
    both = await openBoth(site);
    const [receiver] = both.webhooks.receivers;
    await until(() => (receiver!.delivered > 0 ? true : undefined));
    expect(receiver).toMatchObject({ waiting: 0, delivered: 1 });
    expect(got).toHaveLength(2);
    expect(got[1]!.message.data.receiptId).toBe(receiptId);
    // What is kept of it does not say which receipts there were.
    const folder = path.join(site.folder, 'webhooks');
    const files = await Promise.all(
      (await readdir(folder)).map((name) => readFile(path.join(folder, name), 'utf8')),
    );
    expect(files.join('')).toContain(receiptId.slice(0, 16));
    expect(files.join('')).not.toContain(receiptId.slice(0, 17));
    await both.close();
  });

  it('tell once that a proof is late, and later that it is there', async () => {
    const site = await Site.make();
    const policy = { prove: 'on-demand', within: 1, retention: 86_400 };
    let ahead = 0;
    const { endpoint, close } = await openBoth(
      site,
      { lookEvery: 5, clock: () => Date.now() + ahead },
      policy,
    );
    ahead = 60_000;
    // Nothing is due.
    await site.answer(endpoint, 0);
    const { receiptId } = await site.answer(endpoint, 1);
    await endpoint.ask(receiptId);
    await until(() => (got.length === 2 ? true : undefined));
    expect(got.map(({ message: { type, data } }) => [type, data.receiptId])).toEqual([
      ['proof.late', receiptId],
      ['proof.ready', receiptId],
    ]);
    await close();
  });

  it('begin with the answers after they were named', async () => {
    const site = await Site.make();
    let endpoint = await site.openLocal();
    const { receiptId } = await site.answer(endpoint, 0);
    await bundleOf(endpoint, receiptId);
    await endpoint.close();
    endpoint = await site.openLocal();
    const webhooks = await openHooks(site, endpoint, { clock: () => Date.now() + 5000 });
    expect(webhooks.receivers[0]).toMatchObject({ waiting: 0 });
    await webhooks.close();
    for (const address of ['hook', 'ftp://x/', 'https://user:password@x/']) {
      await expect(openHooks(site, endpoint, { urls: [address] })).rejects.toMatchObject({ code: 'QP6591' });
    }
    await endpoint.close();
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
