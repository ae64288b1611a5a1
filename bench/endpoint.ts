import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readCheckpoint, readEntryBundle, TILE_WIDTH, tilePath, tileWidth } from '@quietproof/verify/log';
import { compileModel, readRows, setUpArtifact } from '#dist/index.js';
import { writeNewKeys } from '#dist/sign/signing-key.js';
import { Client, quantile, type Reply, serve } from './serving.ts';

/**
 * What sealing adds to answers over HTTP: the same requests to a server that only answers, and to one that seals, in one
 * run; then a server that proves every answer, at twice what it can prove.
 *
 * usage: node bench/dist/endpoint.js [--requests 10000] [--connections 32]
 */
const { values } = parseArgs({
  options: { requests: { type: 'string', default: '10000' }, connections: { type: 'string', default: '32' } },
});
const REQUESTS = Number(values.requests);
const CONNECTIONS = Number(values.connections);
const ROUNDS = 4;
const OVERLOAD_SECONDS = 15;

async function metricsOf(url: string): Promise<(name: string) => number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return (name) => Number(new RegExp(`^quietproof_${name} (.+)$`, 'm').exec(text)?.[1]);
}

/** Every answer that was sent stands at its place in the published log, and nothing else but announcements does. */
async function checkLog(folder: string, replies: readonly Reply[]): Promise<string> {
  const promised = new Map<number, string>();
  for (const { body } of replies.filter(({ status }) => status === 200)) {
    for (const { index, promise } of JSON.parse(JSON.parse(body).parameters.receipts)) {
      if (promised.has(index)) throw new Error(`two answers have the place ${index}`);
      promised.set(index, JSON.parse(Buffer.from(promise.payload, 'base64').toString()).entry);
    }
  }
  const { size } = readCheckpoint(await readFile(path.join(folder, 'checkpoint'), 'utf8'));
  for (let tile = 0; tile * TILE_WIDTH < size; tile += 1) {
    const width = tileWidth(0, tile, size);
    const name = tilePath({ level: 0, index: tile, width }).replace('tile/0/', 'tile/entries/');
    const entries = readEntryBundle(new Uint8Array(await readFile(path.join(folder, name))), width);
    for (const [k, entry] of entries.entries()) {
      const index = tile * TILE_WIDTH + k;
      const text = Buffer.from(entry).toString();
      const expected = promised.get(index);
      if (expected === undefined && JSON.parse(text).kind === 'model') continue;
      if (expected !== text) throw new Error(`entry ${index} is not what was promised`);
      promised.delete(index);
    }
  }
  if (promised.size > 0) throw new Error(`${promised.size} answers are not in the log`);
  return `${size} entries, every promised one at its place`;
}

const root = await mkdtemp(path.join(tmpdir(), 'endpoint-'));
try {
  const artifact = path.join(root, 'iris');
  const data = 'models/iris-mlp/test.json';
  await compileModel({ model: 'models/iris-mlp/model.onnx', calibration: data, out: artifact, name: 'iris' });
  await setUpArtifact(artifact, { source: { kind: 'development' } });
  const key = path.join(root, 'log.pem');
  await writeNewKeys(key);
  const { rows } = await readRows(data, { count: 4 });
  const client = new Client(
    rows.map((row) => Array.from(row)),
    CONNECTIONS,
  );
  const sealing = (state: string) => [
    ...[artifact, '--seal', 'log', '--origin', 'log.example/bench', '--log-key', key],
    ...['--state', path.join(root, state)],
  ];

  console.log(`${REQUESTS} requests from ${CONNECTIONS} connections, one row each`);
  const none = await serve([artifact, '--seal', 'none']);
  const sealed = await serve([...sealing('sealed'), '--prove', 'on-demand']);
  await client.askMany(none.url, 500);
  const warming = await client.askMany(sealed.url, 500);
  const found = [...warming.replies];
  const seconds = { none: 0, sealed: 0 };
  const measured = { none: [] as Reply[], sealed: [] as Reply[] };
  // Alternating, so that a machine that slows down affects both alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, url] of [
      ['none', none.url],
      ['sealed', sealed.url],
    ] as const) {
      const part = await client.askMany(url, REQUESTS / ROUNDS);
      seconds[name] += part.seconds;
      measured[name].push(...part.replies);
    }
  }
  for (const name of ['none', 'sealed'] as const) {
    const replies = measured[name];
    if (name === 'sealed') found.push(...replies);
    const [p50, p99] = [quantile(replies, 0.5).toFixed(1), quantile(replies, 0.99).toFixed(1)];
    const ok = replies.filter(({ status }) => status === 200).length;
    const rate = (replies.length / seconds[name]).toFixed(0);
    console.log(`${name.padEnd(6)}  ${ok} answered, ${rate}/s, p50 ${p50} ms, p99 ${p99} ms`);
  }
  const metric = await metricsOf(sealed.url);
  console.log(`answers per sync: ${(metric('answers_total') / metric('seal_groups_total')).toFixed(1)}`);
  await none.stop();
  await sealed.stop();
  console.log(`log: ${await checkLog(path.join(root, 'sealed', 'log'), found)}`);

  const proving = await serve([...sealing('proving'), '--prove', 'all', '--longest-wait', '5s']);
  const replies: Reply[] = [];
  // What it can prove while it answers, from a first burst.
  replies.push(...(await client.askMany(proving.url, 100)).replies);
  const started = performance.now();
  while ((await metricsOf(proving.url))('waiting') > 0)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const capacity = 100 / ((performance.now() - started) / 1000);
  const pending: Promise<Reply>[] = [];
  const begun = performance.now();
  for (let n = 0; performance.now() - begun < OVERLOAD_SECONDS * 1000; n += 1) {
    const due = begun + (n * 1000) / (2 * capacity);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    pending.push(client.ask(proving.url, n));
  }
  replies.push(...(await Promise.all(pending)));
  const after = await metricsOf(proving.url);
  const counted = (status: number) => replies.filter((own) => own.status === status).length;
  console.log(
    `proves ${capacity.toFixed(0)}/s; at twice that for ${OVERLOAD_SECONDS} s: ${counted(200)} answered, ${counted(429)} refused with 429, ` +
      `oldest waiting ${after('oldest_waiting_seconds').toFixed(1)} s`,
  );
  const others = replies.length - counted(200) - counted(429);
  if (others > 0) throw new Error(`${others} answers of another kind`);
  while ((await metricsOf(proving.url))('waiting') > 0)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const end = await metricsOf(proving.url);
  if (end('proofs_total') !== counted(200)) throw new Error('an answer was not proved');
  await proving.stop();
  console.log(
    `all ${counted(200)} proved; log: ${await checkLog(path.join(root, 'proving', 'log'), replies)}`,
  );
} finally {
  await rm(root, { recursive: true, force: true });
}
