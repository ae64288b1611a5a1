import { spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { TAGS } from '@quietproof/verify';
import { noteSigner } from '#dist/log/note-signer.js';
import { TileLog } from '#dist/log/tile-log.js';
import { loggedLeaves } from '#dist/server/serve/logged-leaves.js';
import { Replay, SealedAnswers } from '#dist/server/serve/sealed-answers.js';
import { EmbeddedStore } from '#dist/server/serve/store/embedded-store.js';

/**
 * What an endpoint that retains answers has in memory, what a start costs it, and how long it takes to find a receipt: with a
 * store and a log of made-up answers, all of which are finished.
 *
 * usage: node bench/dist/retained.js [--answers 0,100000,1000000]
 */
const { values } = parseArgs({
  options: {
    answers: { type: 'string', default: '0,100000,1000000' },
    /** Given to itself: opens what it made in another process. */
    open: { type: 'string' },
  },
});
const ORIGIN = 'log.example/bench';
const MODEL = 'a'.repeat(64);
const GROUP = 512;
const PER_CHECKPOINT = 20_480;
const LOOK_UPS = 1000;
const RETENTION = 30 * 86_400;
const START = 1_800_000_000;
const PER_SECOND = 50;

const receiptOf = (n: number) => createHash('sha256').update(`receipt ${n}`).digest('hex');
const leafOf = (n: number) =>
  createHash('sha256')
    .update(TAGS.leafV2)
    .update(Buffer.from(receiptOf(n), 'hex'))
    .digest('hex');

/** As large as an answer of a model with 16 inputs. */
function recordOf(index: number) {
  const time = START + Math.floor(index / PER_SECOND);
  const payload = randomBytes(600).toString('base64');
  return {
    kind: 'sealed',
    modelId: MODEL,
    index,
    time,
    entry: `{"kind":"answer","leaf":"${leafOf(index)}","time":${time},"version":"quietproof/log-entry/v1"}`,
    receiptId: receiptOf(index),
    statement: { payload, payloadType: 'application/vnd.in-toto+json', signatures: [] },
    nonce: randomBytes(16).toString('hex'),
    context: '',
    integers: Array.from({ length: 16 }, (_, i) => (index * 31 + i * 17) % 256),
    salt: BigInt(`0x${randomBytes(16).toString('hex')}`).toString(),
    includeBy: time + 60,
  } as const;
}

async function logIn(folder: string): Promise<TileLog> {
  const keyFile = path.join(folder, 'key');
  const pem = await readFile(keyFile, 'utf8').catch(async () => {
    const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    await writeFile(keyFile, made);
    return made as string;
  });
  return TileLog.open(path.join(folder, 'log'), {
    origin: ORIGIN,
    signer: noteSigner(ORIGIN, 'note', createPrivateKey(pem)),
  });
}

const openStore = (folder: string, covered: number) =>
  EmbeddedStore.open(path.join(folder, 'sealed'), {
    covered,
    retention: () => RETENTION,
    leaves: (from) => loggedLeaves(path.join(folder, 'log'), { from, to: covered }),
  });

async function make(folder: string, count: number): Promise<void> {
  const log = await logIn(folder);
  const store = await openStore(folder, 0);
  let entries: Uint8Array[] = [];
  for (let first = 0; first < count; first += GROUP) {
    const records = Array.from({ length: Math.min(GROUP, count - first) }, (_, i) => recordOf(first + i));
    await store.append(records);
    entries.push(...records.map(({ entry }) => Buffer.from(entry)));
    if (entries.length < PER_CHECKPOINT && first + GROUP < count) continue;
    await log.append(entries);
    entries = [];
  }
  await store.settle(MODEL, store.next);
  await store.close();
  await log.close();
}

async function memory(): Promise<{ readonly rss: number; readonly heap: number }> {
  // What was read is let go of in two steps: the objects, and the buffers that they held.
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc?.();
    await new Promise(setImmediate);
  }
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rss, heap: heapUsed + arrayBuffers };
}

/** In a process of its own, so that nothing is in memory from making it. */
async function openAgain(folder: string, count: number): Promise<void> {
  const before = await memory();
  const used = process.cpuUsage();
  const started = performance.now();
  const log = await logIn(folder);
  const store = await openStore(folder, log.size);
  const answers = new SealedAnswers();
  const policy = { prove: 'on-demand', within: 60, retention: RETENTION } as const;
  const replay = new Replay(answers, () => policy);
  await store.replay((record, position) => {
    if (record.kind === 'sealed') replay.sealed(record, position);
  });
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(used);
  const peak = process.resourceUsage().maxRSS * 1024;
  const after = await memory();
  const times: number[] = [];
  for (let n = 0; n < Math.min(LOOK_UPS, count); n += 1) {
    const index = (n * 7919) % count;
    const from = performance.now();
    const found = await store.find(receiptOf(index));
    times.push(performance.now() - from);
    if (found === undefined || found === 'erased' || found.index !== index) throw new Error(`not ${index}`);
  }
  const { placed, rows, segments, runs } = store.size;
  console.log(
    `${count} answers in ${segments} files: start reads ${store.filesRead} of them, ${milliseconds.toFixed(0)} ms ` +
      `(${((user + system) / 1000).toFixed(0)} ms CPU), then ${mb(after.heap - before.heap)} more on the heap, ` +
      `${mb(after.rss)} in all (peak ${mb(peak)}); in memory ${answers.size} answers, ${placed} places, ${rows} rows`,
  );
  if (times.length > 0) {
    times.sort((a, b) => a - b);
    const of = (share: number) => times[Math.floor((times.length - 1) * share)]!.toFixed(2);
    console.log(`  a receipt among ${runs} runs is found in ${of(0.5)} ms, 99 % in ${of(0.99)} ms`);
  }
  await store.close();
  await log.close();
}

const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

if (values.open !== undefined) {
  await openAgain(values.open, Number(values.answers));
} else {
  for (const count of values.answers.split(',').map(Number)) {
    const folder = await mkdtemp(path.join(tmpdir(), 'retained-'));
    try {
      await make(folder, count);
      const own = [
        '--expose-gc',
        fileURLToPath(import.meta.url),
        '--open',
        folder,
        '--answers',
        String(count),
      ];
      const { status } = spawnSync(process.execPath, own, { stdio: 'inherit' });
      if (status !== 0) throw new Error(`ended with ${status}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
