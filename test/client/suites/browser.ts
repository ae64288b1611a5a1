import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MISSING_BROWSER, openBrowser } from '../../export/browser/support/browser.ts';
import { iris } from '../../server/serve/support/iris.ts';
import { Provider } from '../support/provider.ts';

let provider: Provider;
let server: Server;
let url: string;
beforeAll(async () => {
  if (MISSING_BROWSER !== undefined) return;
  provider = await Provider.open(iris());
  const { outputFiles } = await build({
    entryPoints: ['src/client/dist/index.js'],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  const [script] = outputFiles;
  // The page's own server hands on what is for the endpoint, as a proxy does.
  server = createServer(async (request, response) => {
    if (request.url === '/') return response.setHeader('content-type', 'text/html').end(PAGE);
    if (request.url === '/client.js') {
      return response.setHeader('content-type', 'text/javascript').end(script!.contents);
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const init = request.method === 'POST' ? { method: 'POST', body: Buffer.concat(parts) } : {};
    const real = await fetch(`${provider.url}${request.url}`, init);
    response.writeHead(real.status, { 'content-type': real.headers.get('content-type') ?? 'text/plain' });
    return response.end(Buffer.from(await real.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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
  'a page watches the endpoint that it asks, and goes on when it is loaded again',
  async () => {
    const { context, close } = await openBrowser({ offline: false });
    try {
      const page = await context.newPage();
      await page.goto(url);
      await page.waitForFunction(loaded);
      const first = await page.evaluate(inPage, {
        record: provider.record,
        row: provider.row(0),
        asks: true,
      });
      expect(first).toMatchObject({ taken: 'kept', answers: 1, proved: 0, alarms: [] });
      await page.reload();
      await page.waitForFunction(loaded);
      const second = await page.evaluate(inPage, {
        record: provider.record,
        row: provider.row(0),
        asks: false,
      });
      expect(second).toMatchObject({ answers: 1, proved: 1, alarms: [] });
    } finally {
      await close();
    }
  },
);

type Client = typeof import('../../../src/client/index.ts');

interface Given {
  readonly record: string;
  readonly row: readonly number[];
  readonly asks: boolean;
}

/** Runs in the page, with what it loads there. */
async function inPage({ record, row, asks }: Given) {
  const { IndexedDbStore, Watch } = (globalThis as unknown as { readonly client: Client }).client;
  const store = await IndexedDbStore.open('watch');
  const policy = { ask: 1, askAfter: 0.01 };
  const watch = await Watch.open({ upstream: location.origin, models: [{ record }], store, policy });
  const path = '/v2/models/iris/infer';
  let taken: string | undefined;
  if (asks) {
    const inputs = [{ name: 'input', shape: [1, row.length], datatype: 'FP64', data: row }];
    const body = new TextEncoder().encode(JSON.stringify({ inputs }));
    const response = await fetch(path, { method: 'POST', body });
    const received = new Uint8Array(await response.arrayBuffer());
    const { status } = response;
    ({ state: taken } = await watch.took({
      path,
      request: { headers: {}, body },
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
  return { taken, answers, proved, alarms };
}
