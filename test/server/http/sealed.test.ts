import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelAnswerer } from '#dist/index.js';
import { openAnsweringApp, type SealOptions } from '#dist/server/http/open-app.js';
import { noteSigner } from '../../../src/log/note-signer.ts';
import { verifyBundle } from '../../../src/verify/index.ts';
import { noteKey, noteKeyText, readCheckpoint, readNoteKey } from '../../../src/verify/log/index.ts';
import { checkPromise, readLogEntry } from '../../../src/verify/seal/index.ts';
import { runHere } from '../../cli/support/run-here.ts';
import { type IrisArtifact, irisArtifact } from '../../support/iris-artifact.ts';

const ORIGIN = 'log.example/iris';
const key = generateKeyPairSync('ed25519').privateKey;
const newPublicKey = () =>
  new Uint8Array(
    generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32),
  );

let artifact: IrisArtifact;
let model: ModelAnswerer;
let app: FastifyInstance;
let logged = '';
beforeAll(async () => {
  artifact = await irisArtifact('digest');
  model = await ModelAnswerer.open(artifact.artifactDir);
  app = await open({ prove: 'on-demand' });
});
afterAll(async () => {
  await app.close();
  await artifact.remove();
});

async function open(
  policy: Partial<SealOptions['policy']>,
  more: Partial<SealOptions> = {},
  webhooks: readonly { readonly url: string; readonly secretFile: string }[] = [],
) {
  const folder = await mkdtemp(path.join(artifact.root, 'state-'));
  const times = { within: 3600, retention: 86_400 };
  const own = { ...times, ...policy } as SealOptions['policy'];
  const opened = await openAnsweringApp({
    models: [{ artifactDir: artifact.artifactDir }],
    serverVersion: '0.0.0',
    webhooks,
    seal: { folder, origin: ORIGIN, key, policy: own, publishEvery: 20, workers: 1, ...more },
    log: {
      write: (line) => {
        logged += line;
      },
    },
  });
  return opened.app;
}

const ask = (rows: readonly number[][], parameters: object = {}, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/v2/models/iris/infer',
    headers,
    payload: JSON.stringify({
      inputs: [{ name: 'input', shape: [rows.length, 4], datatype: 'FP64', data: rows }],
      parameters,
    }),
  });

/** Asks again until it is no longer 202. */
async function proved(url: string, by = app) {
  for (;;) {
    const response = await by.inject(url);
    if (response.statusCode !== 202) return response;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a sealed answer', () => {
  it('comes at once with a promise that the caller can check, and with a proof when it is asked for', async () => {
    const row = artifact.rows[0]!;
    const response = await ask([row], { context: 'order 17' });
    expect(response.statusCode).toBe(200);
    const id = String(response.headers['x-receipt-id']);
    expect(response.headers.link).toBe(`</v2/proofs/${id}>; rel="proof"`);
    const [receipt] = JSON.parse(response.json().parameters.receipts);
    const known = (await app.inject('/.well-known/quietproof')).json();
    const checked = checkPromise(
      { ...receipt, salt: BigInt(receipt.salt) },
      {
        log: { origin: ORIGIN, keys: [readNoteKey(known.log.key)] },
        model: model.recordV2(),
        row,
        context: Buffer.from('order 17'),
        outputs: receipt.outputs.map(BigInt),
        clock: { now: Date.now() / 1000, tolerance: 60, includeWithin: 60 },
      },
    );
    expect(checked.statementDigest).toBe(id);
    expect(receipt.outputs).toEqual(response.json().outputs[0].data.map(String));
    // Looking does not ask.
    const looked = await app.inject(`/v2/proofs/${id}`);
    expect([looked.statusCode, looked.json().state]).toEqual([202, 'sealed']);
    const asked = await app.inject({ method: 'POST', url: `/v2/proofs/${id}` });
    expect([200, 202]).toContain(asked.statusCode);
    if (asked.statusCode === 202) {
      expect(Number(asked.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(asked.json()).toMatchObject({ state: 'queued', place: expect.any(Number) });
    }
    const { body, headers } = await proved(`/v2/proofs/${id}`);
    expect(headers['cache-control']).toContain('immutable');
    expect(JSON.parse(body).statement).toEqual(receipt.statement);
    const options = { model: model.model.ids.modelId, context: Buffer.from('order 17') };
    expect(verifyBundle(body, options).accepted).toBe(true);
    expect(verifyBundle(body, { ...options, context: Buffer.from('order 18') }).accepted).toBe(false);
    const page = await app.inject(`/receipts/${id}`);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('<!doctype html>');
  });

  it('has one receipt for each row of a request, and a context from a header too', async () => {
    const response = await ask(artifact.rows.slice(0, 3), {}, { 'x-context': 'batch' });
    const receipts: { receiptId: string }[] = JSON.parse(response.json().parameters.receipts);
    expect(new Set(receipts.map(({ receiptId }) => receiptId)).size).toBe(3);
    expect(response.headers['x-receipt-id']).toBeUndefined();
    const twice = await ask([artifact.rows[0]!], { context: 'a' }, { 'x-context': 'b' });
    expect(twice.json().code).toBe('QP6581');
  });

  it('is not made of a request that is refused for one of its rows', async () => {
    const metric = async () =>
      Number(/^quietproof_answers_total (\d+)$/m.exec((await app.inject('/metrics')).body)![1]);
    const before = await metric();
    const response = await ask([artifact.rows[0]!, [1e9, 0, 0, 0]]);
    expect([response.statusCode, response.json().code]).toEqual([400, 'QP6201']);
    expect(await metric()).toBe(before);
  });
});

const publicKeyText = () =>
  generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

describe('log promise', () => {
  const row = () => artifact.rows[0]!;
  const requestOf = (own: readonly number[]) =>
    JSON.stringify({
      inputs: [{ name: 'input', shape: [1, 4], datatype: 'FP64', data: own }],
      parameters: { context: 'order 17' },
    });

  it('says what an answer promises, and refuses another row, context, model, log or tensor', async () => {
    const at = (name: string) => path.join(artifact.root, name);
    const request = requestOf(row());
    const answered = await app.inject({ method: 'POST', url: '/v2/models/iris/infer', payload: request });
    const known = (await app.inject('/.well-known/quietproof')).json();
    const trust = {
      version: 'quietproof/trust/v1',
      parties: { Bank: { role: 'producer', keys: [{ key: publicKeyText(), state: 'active' }] } },
      rules: [{ what: 'release', least: 1, by: ['Bank'] }],
      logs: [{ origin: ORIGIN, operator: 'Bank', keys: [known.log.key] }],
    };
    await writeFile(at('trust.json'), JSON.stringify(trust));
    const run = async (own: { request?: string; answer?: string; more?: readonly string[] } = {}) => {
      await writeFile(at('request.json'), own.request ?? request);
      await writeFile(at('answer.json'), own.answer ?? answered.body);
      const words = [
        '--request',
        at('request.json'),
        '--model',
        artifact.artifactDir,
        '--trust',
        at('trust.json'),
      ];
      return runHere(['log', 'promise', at('answer.json'), ...words, ...(own.more ?? [])]);
    };
    const { code, stdout, stderr } = await run({
      more: ['--at', `${new Date().toISOString().slice(0, 19)}Z`],
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(String(answered.headers['x-receipt-id']));
    expect(stdout).toContain('Not shown');
    const body = answered.json();
    const changed = (change: (own: typeof body) => void) => {
      const own = structuredClone(body);
      change(own);
      return JSON.stringify(own);
    };
    const receipts = JSON.parse(body.parameters.receipts);
    const withReceipt = (change: object) =>
      changed((own) => {
        own.parameters.receipts = JSON.stringify([{ ...receipts[0], ...change }]);
      });
    const refusals: [string, Parameters<typeof run>[0]][] = [
      ['QP7203', { request: requestOf(artifact.rows[1]!) }],
      ['QP6544', { more: ['--context', 'order 18'] }],
      ['QP7203', { request: request.replace('order 17', 'order 18') }],
      ['QP7746', { more: ['--at', '2020-01-01T00:00:00Z'] }],
      [
        'QP6544',
        { answer: changed((own) => own.outputs[0].data.fill(own.outputs[0].data[0] === 0 ? 1 : 0)) },
      ],
      ['QP6544', { answer: changed((own) => Object.assign(own, { parameters: {} })) }],
      ['QP6544', { answer: withReceipt({ receiptId: '0'.repeat(64) }) }],
      ['QP7745', { answer: withReceipt({ nonce: '0'.repeat(32) }) }],
      ['QP7744', { answer: withReceipt({ salt: undefined }) }],
      ['QP6544', { answer: changed((own) => Object.assign(own.parameters, { receipts: '[]' })) }],
    ];
    for (const [expected, own] of refusals) {
      const refused = await run(own);
      expect(refused.code, JSON.stringify(own)).toBeGreaterThan(0);
      expect(refused.stderr, JSON.stringify(own)).toContain(expected);
    }
    const kept = ['log', 'evidence', at('answer.json'), '--trust', at('trust.json')];
    await writeFile(at('answer.json'), answered.body);
    expect(await runHere(kept)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 entry compared'),
    });
    const other = generateKeyPairSync('ed25519').privateKey;
    trust.logs[0]!.keys = [noteKeyText(noteSigner(ORIGIN, 'note', other).key)];
    await writeFile(at('trust.json'), JSON.stringify(trust));
    expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining('QP7743') });
    expect(await runHere(kept)).toMatchObject({ code: 2, stdout: expect.stringContaining('QP7743') });
  });
});

it('nothing is at ids that nobody got, and only files of the log are under /log/', async () => {
  for (const url of [`/v2/proofs/${'0'.repeat(64)}`, '/v2/proofs/..%2f', '/receipts/x']) {
    const response = await app.inject(url);
    expect([response.statusCode, response.json().code]).toEqual([404, 'QP6587']);
  }
  await ask([artifact.rows[1]!]);
  let size = 0;
  while (size < 2) ({ size } = readCheckpoint((await app.inject('/log/checkpoint')).body));
  const entries = await app.inject(`/log/tile/entries/000.p/${size}`);
  const length = entries.rawPayload.readUInt16BE(0);
  expect(readLogEntry(entries.rawPayload.subarray(2, 2 + length))).toMatchObject({
    kind: 'model',
    name: 'iris',
  });
  for (const name of ['', '../sealed', 'tile/..%2f..%2fsealed', 'checkpoint.tmp', 'tile/0/000/x', '.lock']) {
    expect((await app.inject(`/log/${name}`)).json(), name).toMatchObject({ code: 'QP6589' });
  }
});

it('more answers than can be proved are refused with a time to wait', async () => {
  const open429 = async () => {
    let now = Date.now();
    const busy = await open({ prove: 'all' }, { longestWait: 0, clock: () => now });
    const send = () => {
      now += 60_000;
      const inputs = [{ name: 'input', shape: [4, 4], datatype: 'FP64', data: artifact.rows.slice(0, 4) }];
      return busy.inject({
        method: 'POST',
        url: '/v2/models/iris/infer',
        payload: JSON.stringify({ inputs }),
      });
    };
    const [first, second] = [await send(), await send()];
    await busy.close();
    return [first, second] as const;
  };
  const [first, second] = await open429();
  expect(first.statusCode).toBe(200);
  expect([second.statusCode, second.json().code]).toEqual([429, 'QP6551']);
  expect(Number(second.headers['retry-after'])).toBeGreaterThanOrEqual(1);
});

it('tells webhooks about proofs, with metrics for each and failures in the log', async () => {
  const secretFile = path.join(artifact.root, 'secret');
  await writeFile(secretFile, `whsec_${randomBytes(32).toString('base64')}`);
  let told = 0;
  const receiver = createServer((_, response) => {
    told += 1;
    response.writeHead(told === 1 ? 500 : 204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/secret-path`;
  logged = '';
  const own = await open({ prove: 'all' }, {}, [{ url, secretFile }]);
  const inputs = [{ name: 'input', shape: [1, 4], datatype: 'FP64', data: artifact.rows[0]! }];
  await own.inject({ method: 'POST', url: '/v2/models/iris/infer', payload: JSON.stringify({ inputs }) });
  let metrics = '';
  while (!metrics.includes('quietproof_webhook_delivered_total{receiver="0"} 1')) {
    metrics = (await own.inject('/metrics')).body;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(metrics).toContain('quietproof_webhook_failed_total{receiver="0"} 1');
  expect(metrics).toContain('quietproof_webhook_waiting{receiver="0"} 0');
  expect(logged).toContain('webhook-failed');
  expect(logged).not.toContain('secret-path');
  await own.close();
  receiver.close();
});

it('names its witnesses and authorities, and answers while they fail, which metrics and logs show', async () => {
  const witness = noteKey('w.example', 'cosignature', newPublicKey());
  const url = 'http://127.0.0.1:1';
  const named = {
    witnesses: [{ name: 'w.example', url, keys: [witness] }],
    authorities: [{ name: 'tsa.example', url, trust: { roots: [] } }],
  };
  logged = '';
  const alone = await open({ prove: 'all' }, named);
  const inputs = [{ name: 'input', shape: [1, 4], datatype: 'FP64', data: artifact.rows[0]! }];
  const payload = JSON.stringify({ inputs });
  const answered = await alone.inject({ method: 'POST', url: '/v2/models/iris/infer', payload });
  const id = String(answered.headers['x-receipt-id']);
  expect((await proved(`/v2/proofs/${id}`, alone)).statusCode).toBe(200);
  const { log } = (await alone.inject('/.well-known/quietproof')).json();
  expect(log).toMatchObject({
    witnesses: [noteKeyText(witness)],
    timestamps: { path: '/log/timestamp/list', authorities: [{ name: 'tsa.example', url }] },
  });
  const metrics = (await alone.inject('/metrics')).body;
  expect(metrics).toMatch(/^quietproof_witness_failures_total\{witness="w.example"\} [1-9]/m);
  expect(metrics).toContain('quietproof_timestamp_authority_entries{timestamp_authority="tsa.example"} 0');
  for (const name of ['timestamp/list', 'timestamp/1/x.tsr', 'timestamp/1/x', 'toString']) {
    expect((await alone.inject(`/log/${name}`)).statusCode, name).toBe(404);
  }
  await alone.close();
  const lines = logged
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'witness-failed', code: 'QP6405' }));
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'timestamp-failed', code: 'QP6412' }));
  expect(logged).not.toContain(id);
});

it('logs neither salts, nonces nor receipts', async () => {
  logged = '';
  const response = await ask([artifact.rows[2]!], { context: 'the order' });
  const [{ salt, nonce }] = JSON.parse(response.json().parameters.receipts);
  expect(logged).toContain('/v2/models/:name/infer');
  for (const secret of [salt, nonce, 'the order']) expect(logged).not.toContain(secret);
});
