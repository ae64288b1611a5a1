import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryStore, Watch } from '../../../src/client/index.ts';
import { iris } from '../../server/serve/support/iris.ts';
import { INFER, Provider } from '../support/provider.ts';
import { User } from '../support/user.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await Provider.open(iris());
});
afterAll(() => provider.close());

const headersOf = (response: Response) => Object.fromEntries(response.headers);

describe('what a watch reads', () => {
  /** Two rows in binary, compressed, with binary outputs. */
  const binary = () => {
    const bytes = Buffer.alloc(2 * 4 * 8);
    [...provider.row(0), ...provider.row(1)].forEach((value, i) => {
      bytes.writeDoubleLE(value, i * 8);
    });
    const parameters = { binary_data_size: bytes.length };
    const json = Buffer.from(
      JSON.stringify({
        inputs: [{ name: 'input', shape: [2, 4], datatype: 'FP64', parameters }],
        parameters: { binary_data_output: true },
      }),
    );
    const headers = { 'content-encoding': 'gzip', 'inference-header-content-length': String(json.length) };
    return { body: new Uint8Array(gzipSync(Buffer.concat([json, bytes]))), headers };
  };

  it('is binary, compressed, and of many rows, as clients send it', async () => {
    const watch = await Watch.open({
      upstream: provider.url,
      models: [{ record: provider.record, id: provider.modelId }],
      store: new MemoryStore(),
    });
    const { body, headers } = binary();
    const init = { method: 'POST', body, headers: { ...headers, 'x-context': 'batch' } };
    const response = await fetch(`${provider.url}${INFER}`, init);
    const received = new Uint8Array(await response.arrayBuffer());
    const request = { headers: init.headers, body };
    const own = { status: response.status, headers: headersOf(response) };
    const exchange = { path: INFER, request, response: { ...own, body: received } };
    const taken = await watch.took(exchange);
    expect(taken).toMatchObject({ state: 'kept', alarms: [] });
    expect(taken.receiptIds).toHaveLength(2);
    // The last byte is of the second row's label.
    const changed = received.map((byte, i) => (i === received.length - 8 ? byte ^ 1 : byte));
    const fresh = await Watch.open({
      upstream: provider.url,
      models: [{ record: provider.record }],
      store: new MemoryStore(),
    });
    const wrong = await fresh.took({ ...exchange, response: { ...own, body: changed } });
    expect(wrong.alarms.map(({ kind }) => kind)).toEqual(['wrong-answer']);
  });

  it('is taken as a whole or not at all', async () => {
    const { watch } = await User.of(provider);
    const data = [provider.row(0), provider.row(1)];
    const inputs = [{ name: 'input', shape: [2, 4], datatype: 'FP64', data }];
    const body = new TextEncoder().encode(JSON.stringify({ inputs }));
    const json = await fetch(`${provider.url}${INFER}`, { method: 'POST', body }).then((one) => one.json());
    const took = (answer: object) => {
      const received = new TextEncoder().encode(JSON.stringify(answer));
      const response = { status: 200, headers: {}, body: received };
      return watch.took({ path: INFER, request: { headers: {}, body }, response });
    };
    const [first, second] = JSON.parse(json.parameters.receipts);
    second.statement.payload = 'AAAA';
    const wrong = await took({ ...json, parameters: { receipts: JSON.stringify([first, second]) } });
    expect(wrong.alarms.map(({ kind }) => kind)).toEqual(['wrong-promise']);
    expect((await took(json)).state).toBe('kept');
  });

  it('is what it is: errors are no answers, and what cannot be read is said', async () => {
    const watch = (await User.of(provider)).watch;
    const request = { headers: {}, body: new Uint8Array() };
    const took = (status: number, body: string, path = INFER) =>
      watch.took({ path, request, response: { status, headers: {}, body: new TextEncoder().encode(body) } });
    expect((await took(400, '{}')).state).toBe('ignored');
    expect((await took(200, '{}', '/v2')).state).toBe('ignored');
    expect((await took(200, 'no JSON')).alarms.map(({ kind }) => kind)).toEqual(['unreadable']);
    for (const receipts of ['7', '[{}]', '[{"nonce":"x","outputs":[]}]', '[null]']) {
      expect((await took(200, JSON.stringify({ parameters: { receipts } }))).state).toBe('alarm');
    }
  });

  it('of a log that grew by too much is only that it grew', async () => {
    const user = await User.of(provider, { policy: { ask: 0, mostEntries: 0 } });
    const settled = () => user.until(() => user.watch.status().models[0]!.waitingForLog === 0);
    for (let n = 0; n < 3; n += 1) await user.ask(n);
    await settled();
    await user.ask();
    await settled();
    const { log, alarms } = user.watch.status();
    expect(alarms).toEqual([]);
    expect(log!.unread).toBe(log!.size);
  });

  it('is the same again from a store that was written anew', async () => {
    const store = new MemoryStore();
    const user = await User.of(provider, { store, policy: { ask: 1, keep: 0 } });
    await user.ask();
    await user.until(() => user.watch.status().models[0]!.waitingForLog === 0);
    const before = user.watch.status();
    // As after 20,000 records.
    await store.append(
      Array.from({ length: 20_000 }, () => ({ kind: 'acknowledged', id: 'none', at: 0 }) as const),
    );
    const full = await User.of(provider, { store, policy: { ask: 1, keep: 0 } });
    await full.watch.acknowledge('none');
    await full.watch.close();
    expect([...store.read()].length).toBeLessThan(100);
    const again = (await User.of(provider, { store, policy: { ask: 1, keep: 0 } })).watch.status();
    expect(again.models).toEqual(before.models);
    expect(again.notices).toEqual(before.notices);
  });
});
