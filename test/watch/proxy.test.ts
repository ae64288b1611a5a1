import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { decoded } from '../../src/watch/proxy/encodings.ts';
import type { ProxyOptions } from '../../src/watch/proxy/proxy-options.ts';
import { proxyServer } from '../../src/watch/proxy/proxy-server.ts';
import type { KeptExchange } from '../../src/watch/store/kept-exchange.ts';

const INFER = '/v2/models/iris/infer';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy before an upstream, and what it keeps. */
async function proxied(upstream: RequestListener, options: Partial<ProxyOptions> = {}, prefix = '') {
  const address = await listen(http.createServer(upstream));
  const kept: KeptExchange[] = [];
  const server = proxyServer({
    upstream: new URL(`${address}${prefix}`),
    keep: (exchange) => kept.push(exchange),
    own: () => false,
    ...options,
  });
  return { url: await listen(server), kept, server };
}

interface Got {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

/** Sends exactly these headers. */
function ask(
  url: string,
  method: string,
  headers: readonly string[] = [],
  body: string | Buffer = '',
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const own = ['Host', 'client.example', ...headers];
    const sent = http.request(url, { method, headers: own }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.rawHeaders,
          body: Buffer.concat(chunks).toString(),
        }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const bodyOf = async (request: IncomingMessage) => Buffer.concat(await request.toArray()).toString();

describe('what passes through', () => {
  it('is the same: method, path with query, headers in their order and spelling, body, status', async () => {
    let seen: unknown;
    const { url } = await proxied(
      async (request, response) => {
        const { method, rawHeaders } = request;
        seen = { method, url: request.url, rawHeaders, body: await bodyOf(request) };
        response.writeHead(418, 'Teapot', ['X-Two', 'a', 'x-two', 'b', 'Content-Length', '2']);
        response.end('no');
      },
      {},
      '/base/',
    );
    const headers = [
      'X-One',
      '1',
      'x-one',
      '2',
      'Connection',
      'x-private, close',
      'X-Private',
      '3',
      'TE',
      'trailers',
    ];
    const got = await ask(`${url}/any/%2f?q=%20`, 'PATCH', [...headers, 'Content-Length', '4'], 'body');
    const { host } = new URL((seen as { rawHeaders: string[] }).rawHeaders[1]!.replace(/^/, 'http://'));
    expect(seen).toEqual({
      method: 'PATCH',
      url: '/base/any/%2f?q=%20',
      rawHeaders: [
        'Host',
        host,
        'X-One',
        '1',
        'x-one',
        '2',
        'Content-Length',
        '4',
        'Connection',
        'keep-alive',
      ],
      body: 'body',
    });
    expect(got).toMatchObject({ status: 418, body: 'no' });
    expect(got.headers.slice(0, 6)).toEqual(['X-Two', 'a', 'x-two', 'b', 'Content-Length', '2']);
    // Its own, and only once.
    expect(got.headers.filter((own) => own === 'Date')).toHaveLength(1);
  });

  it.each([
    ['GET', [], ''],
    ['HEAD', [], ''],
    ['DELETE', [], ''],
    ['POST', [], ''],
    ['PUT', ['Transfer-Encoding', 'chunked'], 'in pieces'],
  ] as const)('has the same body with %s', async (method, headers, body) => {
    const { url } = await proxied(async (request, response) => {
      const { 'transfer-encoding': coding = 'none' } = request.headers;
      response.writeHead(200, { 'x-coding': coding, 'x-body': await bodyOf(request), 'content-length': '3' });
      response.end('yes');
    });
    const got = await ask(url, method, headers, body);
    expect(got.body).toBe(method === 'HEAD' ? '' : 'yes');
    expect(got.headers.slice(0, 6)).toEqual([
      ...['x-coding', headers.length > 0 || method === 'POST' ? expect.any(String) : 'none'],
      ...['x-body', body, 'content-length', '3'],
    ]);
  });

  it('is streamed in both directions', async () => {
    const { url } = await proxied((request, response) => {
      response.writeHead(200);
      request.once('data', () => response.write('first'));
      request.on('end', () => response.end('last'));
    });
    const sent = http.request(url, { method: 'POST' });
    sent.write('piece');
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(String((await once(response, 'data'))[0])).toBe('first');
    sent.end();
    expect(await bodyOf(response)).toBe('last');
  });

  it('ends upstream where the client goes away', async () => {
    let gone: Promise<unknown> | undefined;
    const { url } = await proxied((_, response) => {
      gone = once(response, 'close');
      response.write('x');
    });
    const sent = http.request(url);
    const ended = once(sent, 'close');
    sent.on('error', () => {});
    sent.on('response', () => sent.destroy());
    sent.end();
    await ended;
    await gone;
  });

  it('is an error with a code where the upstream is away, or leaves', async () => {
    const { url } = await proxied((request) => request.socket.destroy());
    const got = await ask(`${url}${INFER}`, 'POST', ['Content-Length', '1'], 'x');
    expect([got.status, JSON.parse(got.body).code]).toEqual([502, 'QP6451']);
    const cut = await proxied((_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => response.destroy());
    });
    await expect(ask(cut.url, 'GET')).rejects.toThrow();
    // Of an answer that is kept, nothing was handed on yet.
    expect((await ask(`${cut.url}${INFER}`, 'POST')).status).toBe(502);
    expect(cut.kept).toEqual([]);
  });
});

describe('an answer of a model', () => {
  const answering: RequestListener = async (request, response) => {
    await bodyOf(request);
    const status = Number(request.headers['x-status'] ?? 200);
    response.writeHead(status, { 'X-Receipt-Id': 'r1', 'Set-Cookie': 'secret' });
    response.write('{"out');
    response.end('puts":[]}');
  };

  it('is kept before it is handed on, without the headers that are secret', async () => {
    let answered = false;
    const { url, kept } = await proxied(answering, {
      keep: (exchange) => {
        expect(answered).toBe(false);
        kept.push(exchange);
      },
    });
    const secret = ['Authorization', 'Bearer secret', 'X-Context', 'order 1', 'Content-Length', '3'];
    const got = await ask(`${url}${INFER}?a=b`, 'POST', secret, 'row');
    answered = true;
    expect(got).toMatchObject({ status: 200, body: '{"outputs":[]}' });
    const [exchange, ...others] = kept;
    expect(others).toEqual([]);
    expect(exchange).toMatchObject({
      path: `${INFER}?a=b`,
      at: expect.any(Number),
      request: { headers: { 'x-context': 'order 1' }, body: Buffer.from('row') },
      response: { status: 200, headers: { 'x-receipt-id': 'r1' }, body: Buffer.from('{"outputs":[]}') },
    });
    expect(JSON.stringify(exchange)).not.toContain('secret');
  });

  it('is only what succeeds, at every spelling of an address that a server may take for one', async () => {
    const { url, kept } = await proxied(answering);
    const post = (path: string, headers: readonly string[] = []) => ask(url + path, 'POST', headers);
    await post(INFER, ['X-Status', '400']);
    await ask(url + INFER, 'GET');
    await post('/v2/models/iris');
    expect(kept).toEqual([]);
    const spelled = [
      '/v2/models/iris/versions/2/infer',
      '/v2/models/iris/infer/',
      '/v2/models/a%2fb/%69nfer?x=/y',
    ];
    for (const path of spelled) await post(path);
    expect(kept.map(({ path }) => path)).toEqual(spelled);
  });

  it('that is longer than what is kept is handed on whole, and kept as cut off', async () => {
    const long = 'x'.repeat(100_000);
    const { url, kept } = await proxied(
      async (request, response) => {
        await bodyOf(request);
        response.end(long);
      },
      { mostKept: 1000 },
    );
    const got = await ask(url + INFER, 'POST', ['Transfer-Encoding', 'chunked'], long);
    expect(got.body).toBe(long);
    expect(kept[0]!.response).toMatchObject({ truncated: true, body: Buffer.from(long.slice(0, 1000)) });
    expect(kept[0]!.request.body).toHaveLength(1000);
  });

  it('comes only in an encoding that can be undone here', async () => {
    let accepted: string | undefined;
    const { url, kept } = await proxied(async (request, response) => {
      accepted = request.headers['accept-encoding'];
      await bodyOf(request);
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync('answer'));
    });
    await ask(url + INFER, 'POST', ['Accept-Encoding', 'zstd, gzip;q=0.5, *']);
    expect(accepted).toBe('gzip;q=0.5');
    expect(Buffer.from((await decoded(kept[0]!.response)).body).toString()).toBe('answer');
    await ask(url + INFER, 'POST', ['Accept-Encoding', 'zstd']);
    expect(accepted).toBe('identity');
    const broken = { headers: { 'content-encoding': 'gzip' }, body: Buffer.from('x') };
    expect(await decoded(broken)).toBe(broken);
  });
});
