import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compileModel, readRows, setUpArtifact } from '#dist/index.js';
import { writeNewKeys } from '#dist/sign/signing-key.js';
import { Client, quantile, type Reply, serve, start } from './serving.ts';

/**
 * What the watch adds to an answer: the same requests to an endpoint that seals, straight, through the least that passes
 * requests on in Node, and through a watch, in blocks that alternate.
 *
 * usage: node bench/dist/watch.js [--requests 2000] [--connections 1] [--rounds 7]
 */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '2000' },
    connections: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '7' },
  },
});
const [REQUESTS, CONNECTIONS, ROUNDS] = [values.requests, values.connections, values.rounds].map(Number) as [
  number,
  number,
  number,
];

/** Passes on, and does nothing else: in a process of its own it would take as much. */
async function leastProxy(upstream: string): Promise<http.Server> {
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const { method, headers, url } = request;
    const sent = http.request(upstream + url, { method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    request.pipe(sent);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

const WARMING = 300;

const root = await mkdtemp(path.join(tmpdir(), 'watch-bench-'));
try {
  const artifact = path.join(root, 'iris');
  const data = 'models/iris-mlp/test.json';
  await compileModel({ model: 'models/iris-mlp/model.onnx', calibration: data, out: artifact, name: 'iris' });
  await setUpArtifact(artifact, { source: { kind: 'development' } });
  const key = path.join(root, 'log.pem');
  await writeNewKeys(key);
  const state = path.join(root, 'endpoint');
  const endpoint = await serve([
    ...[artifact, '--seal', 'log', '--origin', 'log.example/bench', '--log-key', key],
    ...['--state', state, '--prove', 'on-demand'],
  ]);
  const watched = path.join(root, 'watch');
  const watch = await start([
    ...['watch', '--upstream', endpoint.url, '--model', artifact, '--state', watched],
    ...['--listen', '127.0.0.1:0', '--ask', '0%'],
  ]);
  const { rows } = await readRows(data, { count: 4 });
  const client = new Client(
    rows.map((row) => Array.from(row)),
    CONNECTIONS,
  );
  const least = await leastProxy(endpoint.url);
  const through = {
    straight: endpoint.url,
    'least proxy': `http://127.0.0.1:${(least.address() as AddressInfo).port}`,
    watch: watch.url,
  };
  const names = Object.keys(through) as (keyof typeof through)[];
  const measured: Record<keyof typeof through, Reply[]> = { straight: [], 'least proxy': [], watch: [] };
  const added: Record<keyof typeof through, number[]> = { straight: [], 'least proxy': [], watch: [] };
  for (const name of names) await client.askMany(through[name], WARMING);
  for (let round = 0; round < ROUNDS; round += 1) {
    let straight = 0;
    for (const name of names) {
      const { replies } = await client.askMany(through[name], Math.ceil(REQUESTS / ROUNDS));
      measured[name].push(...replies);
      const p50 = quantile(replies, 0.5);
      if (name === 'straight') straight = p50;
      added[name].push(p50 - straight);
    }
  }
  console.log(`${REQUESTS} requests each, ${CONNECTIONS} at a time, in ${ROUNDS} blocks that alternate`);
  for (const name of names) {
    const replies = measured[name];
    const [p50, p90, p99] = [0.5, 0.9, 0.99].map((q) => quantile(replies, q).toFixed(2));
    const failed = replies.filter(({ status }) => status !== 200).length;
    const own = added[name].sort((x, y) => x - y);
    const ratio = quantile(replies, 0.5) / quantile(measured.straight, 0.5);
    console.log(
      `${name.padEnd(12)} p50 ${p50} ms, p90 ${p90} ms, p99 ${p99} ms, ${failed} failed; adds ${own[own.length >> 1]!.toFixed(2)} ms at p50 ` +
        `(median of the blocks; ${own[0]!.toFixed(2)} to ${own.at(-1)!.toFixed(2)}), ratio ${ratio.toFixed(2)}`,
    );
  }
  least.close();
  const page = `${watch.url}/.well-known/quietproof-watch/status.json`;
  const status = await (await fetch(page)).json();
  const { answers } = status.models[0];
  console.log(
    `checked by then: ${answers} of ${measured.watch.length + WARMING}; alarms: ${status.alarms.length}`,
  );
  await watch.stop();
  await endpoint.stop();
} finally {
  await rm(root, { recursive: true, force: true });
}
