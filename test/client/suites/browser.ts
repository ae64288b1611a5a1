import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MISSING_BROWSER, openBrowser } from '../../export/browser/support/browser.ts';
import { iris } from '../../server/serve/support/iris.ts';
import { Provider } from '../support/provider.ts';

let provider: Provider;
let server: Server;
/** Of the page: another origin than the endpoint's. */
let url: string;
/** The same page, under an origin that the endpoint does not know. */
let elsewhere: string;
beforeAll(async () => {
  if (MISSING_BROWSER !== undefined) return;
  const { outputFiles } = await build({
    entryPoints: ['src/client/dist/index.js'],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  const [script] = outputFiles;
  server = createServer((request, response) => {
    if (request.url === '/client.js') {
      response.setHeader('content-type', 'text/javascript').end(script!.contents);
    } else response.setHeader('content-type', 'text/html').end(PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
  elsewhere = `http://localhost:${port}`;
  provider = await Provider.open(iris(), { corsOrigins: [url] });
});
afterAll(async () => {
  if (MISSING_BROWSER !== undefined) return;
  server.close();
  await provider.close();
});

const PAGE = `<!doctype html><script type="module">
import * as client from '/client.js';
globalThis.client = client;
</script>`;
const loaded = () => 'client' in globalThis;

it.skipIf(MISSING_BROWSER !== undefined)(
  'a page of another origin watches the endpoint that it asks, and goes on when it is loaded again',
  async () => {
    const { context, close } = await openBrowser({ offline: false });
    try {
      const page = await context.newPage();
      await page.goto(url);
      await page.waitForFunction(loaded);
      const first = await page.evaluate(inPage, {
        record: provider.record,
        upstream: provider.url,
        row: provider.row(0),
        asks: true,
      });
      expect(first).toMatchObject({ taken: 'kept', answers: 1, proved: 0, alarms: [] });
      expect(first.receiptId).toMatch(/^[0-9a-f]{64}$/);
      await page.reload();
      await page.waitForFunction(loaded);
      const second = await page.evaluate(inPage, {
        record: provider.record,
        upstream: provider.url,
        row: provider.row(0),
        asks: false,
      });
      expect(second).toMatchObject({ answers: 1, proved: 1, alarms: [] });
      await page.goto(elsewhere);
      await page.waitForFunction(loaded);
      const refused = await page.evaluate(
        (at) =>
          fetch(at).then(
            () => 'read',
            (error: Error) => error.name,
          ),
        `${provider.url}/v2`,
      );
      expect(refused).toBe('TypeError');
    } finally {
      await close();
    }
  },
);

type Client = typeof import('../../../src/client/index.ts');

interface Given {
  readonly record: string;
  readonly upstream: string;
  readonly row: readonly number[];
  readonly asks: boolean;
}

/** Runs in the page, with what it loads there. */
async function inPage({ record, upstream, row, asks }: Given) {
  const { IndexedDbStore, Watch } = (globalThis as unknown as { readonly client: Client }).client;
  const store = await IndexedDbStore.open('watch');
  const policy = { ask: 1, askAfter: 0.01 };
  const watch = await Watch.open({ upstream, models: [{ record }], store, policy });
  const path = '/v2/models/iris/infer';
  let taken: string | undefined;
  let receiptId: string | null = null;
  if (asks) {
    const inputs = [{ name: 'input', shape: [1, row.length], datatype: 'FP64', data: row }];
    const body = new TextEncoder().encode(JSON.stringify({ inputs }));
    // A header that is asked about first.
    const headers = { 'x-context': 'order 7' };
    const response = await fetch(upstream + path, { method: 'POST', headers, body });
    const received = new Uint8Array(await response.arrayBuffer());
    const { status } = response;
    receiptId = response.headers.get('x-receipt-id');
    ({ state: taken } = await watch.took({
      path,
      request: { headers, body },
      response: { status, headers: Object.fromEntries(response.headers), body: received },
    }));
  } else {
    while (watch.status().models[0]!.proved === 0 && watch.alarms.length === 0) {
      await watch.step();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const { answers, proved } = watch.status().models[0]!;
  const alarms = [...watch.alarms];
  store.close();
  return { taken, receiptId, answers, proved, alarms };
}
