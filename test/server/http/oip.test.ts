import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelAnswerer } from '../../../src/prove/model-answerer.ts';
import { openAnsweringApp } from '../../../src/server/http/open-app.ts';

const CANCER = 'test/fixtures/artifact-0.1/breast-cancer-logreg';
const INFER = '/v2/models/cancer/infer';
const ROWS: number[][] = JSON.parse(
  readFileSync('models/breast-cancer-logreg/test.json', 'utf8'),
).inputs.slice(0, 3);

let app: FastifyInstance;
let model: ModelAnswerer;
let logged = '';
beforeAll(async () => {
  const log = {
    write: (line: string) => {
      logged += line;
    },
  };
  const models = [{ artifactDir: CANCER, name: 'cancer' }];
  ({ app } = await openAnsweringApp({ models, serverVersion: '0.0.0', log }));
  model = await ModelAnswerer.open(CANCER);
});
afterAll(() => app.close());

/** What the executor says: 0 or 1 by row. */
const expected = (rows: readonly number[][]) =>
  rows.map((row) => {
    const { answer } = model.decode(model.answer(model.encode(row)))[0]!;
    return answer.kind === 'decision' ? Number(answer.value) : undefined;
  });

const input = (more: object = {}) => ({
  name: 'input',
  shape: [3, 30],
  datatype: 'FP64',
  data: ROWS,
  ...more,
});
const infer = (body: object | string | Buffer, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: INFER,
    headers,
    payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });

/** A body with tensors after its JSON. */
function binaryBody(json: object, ...tensors: Buffer[]) {
  const header = Buffer.from(JSON.stringify(json));
  const headers = { 'inference-header-content-length': String(header.length) };
  return [Buffer.concat([header, ...tensors]), headers] as const;
}

const doubles = (rows: readonly number[][]) => Buffer.from(Float64Array.from(rows.flat()).buffer);

describe('addresses that say what is here', () => {
  it.each([
    ['/v2', { name: 'quietproof', version: '0.0.0', extensions: ['binary_tensor_data'] }],
    ['/v2/health/live', { live: true }],
    ['/v2/health/ready', { ready: true }],
    ['/v2/models/cancer/ready', { name: 'cancer', ready: true }],
  ])('%s', async (url, body) => {
    const response = await app.inject(url);
    expect([response.statusCode, response.json()]).toEqual([200, body]);
  });

  it('describe the model, with the digits of its id as its version', async () => {
    const metadata = (await app.inject('/v2/models/cancer')).json();
    const { modelId } = model.model.ids;
    expect(metadata).toMatchObject({
      name: 'cancer',
      versions: [modelId.slice(0, 12)],
      inputs: [{ name: 'input', datatype: 'FP32', shape: [-1, 30] }],
      outputs: [{ name: 'output', datatype: 'INT64', shape: [-1] }],
      parameters: { model_id: modelId },
    });
    const own = `/v2/models/cancer/versions/${modelId.slice(0, 12)}`;
    expect((await app.inject(own)).statusCode).toBe(200);
    for (const url of ['/v2/models/other', '/v2/models/cancer/versions/1', '/v2/models/other/ready']) {
      const { statusCode, headers, body } = await app.inject(url);
      expect([statusCode, JSON.parse(body).code]).toEqual([404, 'QP6583']);
      expect(headers['content-type']).toContain('application/json');
    }
    expect((await app.inject('/v3')).json()).toMatchObject({ code: 'QP6589' });
  });
});

describe('infer', () => {
  it('answers rows with the numbers of the executor', async () => {
    const response = await infer({ id: '7', inputs: [input()] });
    expect(response.json()).toEqual({
      id: '7',
      model_name: 'cancer',
      model_version: model.model.ids.modelId.slice(0, 12),
      outputs: [{ name: 'output', datatype: 'INT64', shape: [3], data: expected(ROWS) }],
    });
  });

  it('takes flat data, texts for what is not finite, gzip, and tensors after the JSON', async () => {
    const flat = await infer({ inputs: [input({ data: ROWS.flat() })] });
    expect(flat.json().outputs[0].data).toEqual(expected(ROWS));
    const zipped = await infer(gzipSync(JSON.stringify({ inputs: [input()] })), {
      'content-encoding': 'gzip',
    });
    expect(zipped.json().outputs[0].data).toEqual(expected(ROWS));
    const bytes = doubles(ROWS);
    const inputs = [input({ data: undefined, parameters: { binary_data_size: bytes.length } })];
    const binary = await infer(...binaryBody({ inputs, parameters: { binary_data_output: true } }, bytes));
    const length = Number(binary.headers['inference-header-content-length']);
    const tail = binary.rawPayload.subarray(length);
    expect(Array.from({ length: 3 }, (_, i) => Number(tail.readBigInt64LE(i * 8)))).toEqual(expected(ROWS));
    const { outputs } = JSON.parse(binary.rawPayload.subarray(0, length).toString());
    expect(outputs[0]).toMatchObject({ parameters: { binary_data_size: 24 } });
  });

  const row = (change: (row: unknown[]) => void) => {
    const changed: unknown[] = [...ROWS[0]!];
    change(changed);
    return { inputs: [input({ shape: [1, 30], data: changed })] };
  };
  it.each<[string, object | string, string]>([
    ['no JSON', '{', 'QP6581'],
    ['a list', [], 'QP6581'],
    ['no inputs', {}, 'QP6581'],
    ['another input', { inputs: [input({ name: 'x' })] }, 'QP6582'],
    ['an input twice', { inputs: [input(), input()] }, 'QP6582'],
    ['no input', { inputs: [] }, 'QP6582'],
    ['an unknown datatype', { inputs: [input({ datatype: 'FP128' })] }, 'QP6582'],
    ['texts for numbers', { inputs: [input({ datatype: 'BYTES' })] }, 'QP6582'],
    ['a shape without rows', { inputs: [input({ shape: [30] })] }, 'QP6582'],
    ['another shape', { inputs: [input({ shape: [30, 3] })] }, 'QP6582'],
    ['no rows', { inputs: [input({ shape: [0, 30], data: [] })] }, 'QP6582'],
    ['too many rows', { inputs: [input({ shape: [257, 30] })] }, 'QP6582'],
    ['fewer elements than its shape says', { inputs: [input({ data: ROWS.slice(1) })] }, 'QP6582'],
    ['an element that is no number', row((own) => own.splice(4, 1, null)), 'QP6582'],
    ['an integer that is none', { inputs: [input({ datatype: 'INT32' })] }, 'QP6582'],
    ['NaN', row((own) => own.splice(4, 1, 'NaN')), 'QP6201'],
    ['an infinity', row((own) => own.splice(4, 1, '-Infinity')), 'QP6201'],
    ['a value out of range', row((own) => own.splice(4, 1, 1e30)), 'QP6201'],
    ['neither data nor bytes', { inputs: [input({ data: undefined })] }, 'QP6581'],
    [
      'bytes that are not there',
      { inputs: [input({ data: undefined, parameters: { binary_data_size: 720 } })] },
      'QP6581',
    ],
    ['another output', { inputs: [input()], outputs: [{ name: 'x' }] }, 'QP6584'],
    ['an output twice', { inputs: [input()], outputs: [{ name: 'output' }, { name: 'output' }] }, 'QP6581'],
    [
      'classification',
      { inputs: [input()], outputs: [{ name: 'output', parameters: { classification: 2 } }] },
      'QP6584',
    ],
    ['a sequence', { inputs: [input()], parameters: { sequence_id: 4 } }, 'QP6584'],
    [
      'shared memory',
      { inputs: [input({ data: undefined, parameters: { shared_memory_region: 'x' } })] },
      'QP6584',
    ],
    ['a context', { inputs: [input()], parameters: { context: 'x' } }, 'QP6584'],
  ])('refuses %s with a code', async (_, body, code) => {
    const response = await infer(body);
    expect(response.json()).toEqual({ error: expect.stringContaining(code), code });
    expect(response.statusCode).toBe(400);
  });

  it('refuses bytes that do not fit their tensors', async () => {
    const bytes = doubles(ROWS);
    const inputs = (size: number) => [input({ data: undefined, parameters: { binary_data_size: size } })];
    const codeOf = async (...[body, headers]: readonly [Buffer, Record<string, string>]) =>
      (await infer(body, headers)).json().code;
    expect(await codeOf(...binaryBody({ inputs: inputs(719) }, bytes.subarray(0, 719)))).toBe('QP6582');
    expect(await codeOf(...binaryBody({ inputs: inputs(720) }, bytes, Buffer.from([0])))).toBe('QP6581');
    expect(await codeOf(bytes, { 'inference-header-content-length': '9999' })).toBe('QP6581');
    expect(await codeOf(bytes, { 'inference-header-content-length': '-1' })).toBe('QP6581');
    expect(await codeOf(bytes, { 'content-encoding': 'br' })).toBe('QP6581');
    expect(await codeOf(bytes, { 'content-encoding': 'gzip' })).toBe('QP6581');
  });

  it('refuses what is too large, zipped or not', async () => {
    const zeros = Buffer.alloc(9 * 1024 * 1024);
    for (const [body, headers] of [
      [zeros, {}],
      [gzipSync(zeros), { 'content-encoding': 'gzip' }],
    ] as const) {
      const response = await infer(body, headers);
      expect([response.statusCode, response.json().code]).toEqual([413, 'QP6585']);
    }
  });
});

it('answers what tritonclient and the client of KServe have sent, byte by byte', async () => {
  const recorded: { client: string; bytes: string }[] = JSON.parse(
    readFileSync('test/fixtures/oip/requests.json', 'utf8'),
  );
  expect(new Set(recorded.map(({ client }) => client))).toEqual(new Set(['triton', 'kserve']));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  let answered = 0;
  for (const { bytes } of recorded) {
    const sent = Buffer.from(bytes, 'base64');
    // The version is that of the artifact; requests that are to be refused are among the recorded ones.
    const { status, body } = await exchange(port, sent);
    if (status === 400) continue;
    expect(status).toBe(200);
    const text = body.toString('latin1');
    if (!sent.includes('/infer')) continue;
    answered += 1;
    const data = /"data":\[([\d,]+)\]/.exec(text)?.[1];
    const found =
      data === undefined
        ? Array.from({ length: 3 }, (_, i) => Number(body.subarray(-24).readBigInt64LE(i * 8)))
        : data.split(',').map(Number);
    expect(found).toEqual(expected(ROWS.map((own) => own.map(Math.fround))));
  }
  expect(answered).toBe(13);
});

/** Sends bytes over a socket and reads one response, by its length. */
function exchange(port: number, sent: Buffer): Promise<{ readonly status: number; readonly body: Buffer }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(sent));
    let received = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (piece) => {
      received = Buffer.concat([received, piece]);
      const end = received.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)\r/i.exec(received.toString('latin1'))?.[1]);
      if (end === -1 || received.length < end + 4 + length) return;
      socket.destroy();
      resolve({ status: Number(received.toString('latin1', 9, 12)), body: received.subarray(end + 4) });
    });
  });
}

it('logs routes, codes and times, and nothing that was sent', async () => {
  logged = '';
  await infer({ id: 'the-id', inputs: [input()] }, { authorization: 'Bearer secret', 'x-context': 'order' });
  await infer({ inputs: [input({ datatype: 'FP32', data: [[987654.25]] })] });
  await app.inject('/v2/models/cancer?key=secret');
  const lines = logged
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.filter(({ msg }) => msg === 'answered').map(({ route }) => route)).toEqual([
    '/v2/models/:name/infer',
    '/v2/models/:name/infer',
    '/v2/models/:name',
  ]);
  expect(lines.some(({ code }) => code === 'QP6582')).toBe(true);
  for (const secret of ['secret', 'order', 'the-id', '987654', String(ROWS[0]![0])]) {
    expect(logged).not.toContain(secret);
  }
});

describe('pages of other origins', () => {
  const [shop, port] = ['https://shop.example', 'http://127.0.0.1:5173'];
  const models = [{ artifactDir: CANCER, name: 'cancer' }];
  const preflight = (origin: string) => ({
    method: 'OPTIONS' as const,
    url: INFER,
    headers: { origin, 'access-control-request-method': 'POST' },
  });

  it('may not ask, unless they are named', async () => {
    const { headers } = await app.inject({ url: '/v2', headers: { origin: shop } });
    expect(Object.keys(headers).filter((name) => /^access-control|^vary$/.test(name))).toEqual([]);
    expect((await app.inject(preflight(shop))).statusCode).toBe(404);
  });

  it('may ask exactly under the origins that are named', async () => {
    const opened = await openAnsweringApp({ models, serverVersion: '0.0.0', corsOrigins: [shop, port] });
    const allowed = async (origin: string) => {
      const real = await opened.app.inject({ url: '/v2/none', headers: { origin } });
      expect(real.headers.vary).toBe('Origin');
      return real.headers['access-control-allow-origin'];
    };
    expect([await allowed(shop), await allowed(port)]).toEqual([shop, port]);
    for (const other of [
      'https://shop.example.evil.example',
      'http://shop.example',
      `${shop}:8443`,
      'null',
    ]) {
      expect(await allowed(other), other).toBeUndefined();
      expect((await opened.app.inject(preflight(other))).statusCode).toBe(404);
    }
    const asked = await opened.app.inject(preflight(port));
    expect([asked.statusCode, asked.body]).toEqual([204, '']);
    expect(asked.headers).toMatchObject({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': expect.stringContaining('X-Context'),
    });
    expect(asked.headers['access-control-allow-credentials']).toBeUndefined();
    await opened.app.close();
  });

  it.each(['*', 'null', 'shop.example', 'https://shop.example/', 'https://SHOP.example', 'file:///'])(
    'are not meant by %s',
    async (origin) => {
      const opened = openAnsweringApp({ models, serverVersion: '0.0.0', corsOrigins: [origin] });
      await expect(opened).rejects.toMatchObject({ code: 'QP6591', where: `--cors-origin ${origin}` });
    },
  );
});
