import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Alarm } from '@quietproof/client';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAnsweringApp } from '#dist/server/http/open-app.js';
import type { WatchReport } from '../../src/watch/report.ts';
import { type IrisArtifact, irisArtifact } from '../support/iris-artifact.ts';

/** More with `npm run test:slow:watch-kills`. */
const KILLS = Number(process.env.KILLS ?? 2);
const INFER = '/v2/models/iris/infer';

let artifact: IrisArtifact;
let app: FastifyInstance;
let upstream: string;
const children: ChildProcess[] = [];
const servers: http.Server[] = [];
beforeAll(async () => {
  artifact = await irisArtifact('digest');
  const { app: opened } = await openAnsweringApp({
    models: [{ artifactDir: artifact.artifactDir }],
    serverVersion: '0.0.0',
    seal: {
      folder: path.join(artifact.root, 'endpoint'),
      origin: 'log.example/iris',
      key: generateKeyPairSync('ed25519').privateKey,
      policy: { prove: 'on-demand', within: 3600, retention: 86_400 },
      publishEvery: 20,
      workers: 1,
    },
  });
  app = opened;
  upstream = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of servers) server.close();
  await app.close();
  await artifact.remove();
});

const newState = () => mkdtemp(path.join(artifact.root, 'watch-'));

interface Started {
  readonly url: string;
  readonly child: ChildProcess;
  /** Lines of stdout so far. */
  readonly lines: { readonly url?: string; readonly alarm?: Alarm; readonly report?: WatchReport }[];
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>;
}

function spawnWatch(words: readonly string[], to = upstream): Omit<Started, 'url'> {
  const all = ['watch', '--upstream', to, '--model', artifact.artifactDir, ...words, '--json'];
  const child = spawn(process.execPath, ['dist/cli/main.js', ...all], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const lines: Started['lines'] = [];
  let errors = '';
  createInterface({ input: child.stdout! }).on('line', (line) => lines.push(JSON.parse(line)));
  child.stderr!.on('data', (piece) => {
    errors += piece;
  });
  return { child, lines, ended: once(child, 'close').then(([code]) => ({ code, errors })) };
}

async function startWatch(state: string, words: readonly string[] = [], to = upstream): Promise<Started> {
  const started = spawnWatch(['--state', state, '--listen', '127.0.0.1:0', ...words], to);
  const url = await Promise.race([
    until(() => started.lines[0]?.url),
    started.ended.then(({ errors }) => Promise.reject(new Error(errors))),
  ]);
  return { ...started, url };
}

async function checkOnce(state: string, words: readonly string[] = [], to = upstream) {
  const { lines, ended } = spawnWatch(['--state', state, '--once', ...words], to);
  const { code, errors } = await ended;
  return { code, errors, report: lines.at(-1)?.report };
}

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Any client of the protocol: it knows nothing of receipts. */
async function ask(url: string, n = 0): Promise<Response> {
  const data = artifact.rows[n % artifact.rows.length]!;
  const body = JSON.stringify({ inputs: [{ name: 'input', shape: [1, 4], datatype: 'FP64', data }] });
  return fetch(url + INFER, { method: 'POST', body });
}

const reportOf = async (url: string): Promise<WatchReport> =>
  (await fetch(`${url}/.well-known/quietproof-watch/status.json`)).json();

/** A provider of whatever is given as an answer. */
async function serveAs(listener: RequestListener): Promise<string> {
  const server = http.createServer(listener);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a client behind the watch', () => {
  it('gets what it would get without it, and the watch keeps what was promised', async () => {
    const state = await newState();
    const { url, child, lines, ended } = await startWatch(state, [
      '--every',
      '1s',
      '--ask',
      '100%',
      '--ask-after',
      '1s',
    ]);
    const [direct, through] = [await ask(upstream), await ask(url)];
    expect(through.status).toBe(200);
    expect((await through.json()).outputs).toEqual((await direct.json()).outputs);
    expect(Object.keys(Object.fromEntries(through.headers)).sort()).toEqual(
      Object.keys(Object.fromEntries(direct.headers)).sort(),
    );
    expect((await fetch(`${url}/v2/models/iris`)).status).toBe(200);
    expect((await fetch(`${url}/v2/models/none`)).status).toBe(404);
    const report = await until(async () => {
      const now = await reportOf(url);
      return now.models[0]!.proved === 1 ? now : undefined;
    });
    expect(report).toMatchObject({ models: [{ answers: 1, waitingForLog: 0 }], alarms: [], troubles: [] });
    const page = await fetch(`${url}/.well-known/quietproof-watch`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('Nothing is off');
    const metrics = await (await fetch(`${url}/.well-known/quietproof-watch/metrics`)).text();
    expect(metrics).toMatch(/^quietproof_watch_proofs_total\{.*\} 1$/m);
    expect((await fetch(`${url}/.well-known/quietproof-watch/x`)).status).toBe(404);
    // Neither rows nor what was sent are kept on disk.
    expect(await readdir(path.join(state, 'exchanges'))).toEqual([]);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    expect(lines.at(-1)!.report).toMatchObject({ models: [{ answers: 1, proved: 1 }] });
  });

  it(`has every promise watched, though the watch is killed ${KILLS} times`, async () => {
    const state = await newState();
    const receipts: string[] = [];
    let alarms: readonly Alarm[] = [];
    for (let killed = 0; killed < KILLS; killed += 1) {
      const { url, child, ended } = await startWatch(state);
      const last = 3 + 5 * killed;
      // As soon as the last answer has come, before anything of it can have been checked.
      const asking = Array.from({ length: last }, async (_, n) => {
        const response = await ask(url, n).catch(() => undefined);
        const id = response?.headers.get('x-receipt-id');
        if (id !== null && id !== undefined) receipts.push(id);
        if (receipts.length >= 2 * killed + 1) child.kill('SIGKILL');
      });
      await Promise.all([...asking, ended]);
    }
    const { code, report } = await checkOnce(state);
    alarms = report!.alarms;
    expect([code, alarms]).toEqual([0, []]);
    expect(receipts.length).toBeGreaterThanOrEqual(KILLS);
    expect(report!.models[0]!.answers).toBeGreaterThanOrEqual(receipts.length);
    const records = await readFile(path.join(state, 'records.jsonl'), 'utf8');
    for (const id of receipts) expect(records).toContain(`"receiptId":"${id}"`);
    expect(report!.unexamined).toBe(0);
  });
});

describe('an alarm', () => {
  /** Answers without a promise. */
  const dishonest: RequestListener = (request, response) => {
    request.resume();
    if (request.method !== 'POST') response.writeHead(404).end();
    else response.end(JSON.stringify({ model_name: 'iris', outputs: [] }));
  };

  it('ends the watch with 1 where that is wanted, and stands until it is acknowledged', async () => {
    const provider = await serveAs(dishonest);
    const state = await newState();
    const { url, ended, lines } = await startWatch(state, ['--exit-on-alarm'], provider);
    expect((await ask(url)).status).toBe(200);
    expect((await ended).code).toBe(1);
    const { alarm } = lines.find((line) => line.alarm !== undefined)!;
    expect(alarm).toMatchObject({ kind: 'no-promise', code: 'QP7782' });
    expect((await checkOnce(state, [], provider)).code).toBe(1);
    const after = await checkOnce(state, ['--acknowledge', alarm!.id], provider);
    expect(after.report!.alarms).toMatchObject([{ id: alarm!.id, acknowledged: expect.any(Number) }]);
    expect(after.code).not.toBe(1);
    expect((await checkOnce(state, ['--acknowledge', 'other'], provider)).errors).toContain('QP6450');
  });

  it('is told to the webhook, signed, until that takes it, also by the next process', async () => {
    const secret = Buffer.alloc(32, 7);
    const got: { readonly headers: http.IncomingHttpHeaders; readonly body: string }[] = [];
    let refuses = true;
    const hook = await serveAs(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      got.push({ headers: request.headers, body });
      response.writeHead(refuses ? 500 : 204).end();
    });
    const file = path.join(artifact.root, 'secret');
    await writeFile(file, `whsec_${secret.toString('base64')}\n`);
    const words = ['--webhook', `${hook}/alarms`, '--webhook-secret-file', file];
    const provider = await serveAs(dishonest);
    const state = await newState();
    const { url, ended, child } = await startWatch(state, words, provider);
    await ask(url);
    await until(() => got[0]);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(1);
    refuses = false;
    const refused = got.length;
    const next = await startWatch(state, words, provider);
    const again = await until(() => got[refused]);
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = again.headers;
    expect(id).toBe(got[0]!.headers['webhook-id']);
    const expected = createHmac('sha256', secret).update(`${id}.${time}.${again.body}`).digest('base64');
    expect(signature).toBe(`v1,${expected}`);
    expect(JSON.parse(again.body)).toMatchObject({
      type: 'quietproof.watch.alarm',
      data: { kind: 'no-promise' },
    });
    await until(async () => (await readFile(path.join(state, 'told.jsonl'), 'utf8')) || undefined);
    next.child.kill('SIGTERM');
    await next.ended;
    const before = got.length;
    await checkOnce(state, words, provider);
    expect(got.length).toBe(before);
  });
});

it('what cannot be is refused, with a code and without beginning', async () => {
  const state = await newState();
  const refused = async (...words: string[]) => {
    const { ended } = spawnWatch(['--state', state, ...words]);
    const { code, errors } = await ended;
    return [code, JSON.parse(errors).error.code];
  };
  expect(await refused('--listen', 'here')).toEqual([2, 'QP6450']);
  expect(await refused('--webhook', 'http://x.example')).toEqual([2, 'QP6450']);
  expect(await refused('--model', `${artifact.artifactDir}=${'0'.repeat(64)}`)).toEqual([2, 'QP7771']);
  expect(await refused('--model', 'nothing.json')).toEqual([2, 'QP1002']);
  expect(await refused('--listen', new URL(upstream).host)).toEqual([3, 'QP6453']);
  const { child, ended } = await startWatch(state);
  expect(await refused('--once')).toEqual([2, 'QP6206']);
  child.kill('SIGTERM');
  await ended;
});
