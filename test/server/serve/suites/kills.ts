import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { openEnvelopeV2, parseAnyBundle, verifyBundle } from '@quietproof/verify';
import { checkPromise, type PromiseEnvelope, readLogEntry } from '@quietproof/verify/seal';
import { expect, it } from 'vitest';
import { makeOpeningV2 } from '../../../../src/bundle/make-opening.ts';
import type { SealedRecord } from '../../../../src/server/serve/store/answer-store.ts';
import { EmbeddedStore } from '../../../../src/server/serve/store/embedded-store.ts';
import { NATIVE_CHECKER } from '../../../support/backends.ts';
import { iris } from '../support/iris.ts';
import { entriesOf, ORIGIN, Site } from '../support/open.ts';

/** `npm run test:slow:endpoint` sets 100. */
const KILLS = Number(process.env.KILLS ?? 4);
const ANSWERS = 24;

/** What a client was sent. */
interface Sent {
  readonly receiptId: string;
  readonly index: number;
  readonly row: number;
  readonly outputs: readonly string[];
  readonly promise: PromiseEnvelope;
  readonly statement: Parameters<typeof openEnvelopeV2>[0];
  readonly nonce: string;
  readonly salt: string;
}

function start(site: Site, count: number): ChildProcess {
  const own = {
    folder: site.folder,
    origin: ORIGIN,
    key: site.key.export({ type: 'pkcs8', format: 'pem' }),
    artifactDir: iris().artifactDir,
    rows: iris().rows,
    count,
  };
  return spawn(process.execPath, [path.resolve('test/server/serve/support/serve-process.mjs')], {
    env: { ...process.env, ENDPOINT: JSON.stringify(own) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** A fixed sequence that looks random, from 0 to below 1. */
const random = (() => {
  let state = 20_261_128;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
})();

/** Runs the endpoint until it ends, or kills it a while after it has said so many lines. */
async function run(site: Site, sent: Sent[], count: number, kill?: { lines: number; after: number }) {
  const child = start(site, count);
  let lines = 0;
  const ended = once(child, 'exit');
  const reading = createInterface({ input: child.stdout! });
  const read = once(reading, 'close');
  reading.on('line', (line) => {
    const said: Sent | 'open' = JSON.parse(line);
    if (said !== 'open') sent.push(said);
    lines += 1;
    if (lines === kill?.lines) setTimeout(() => child.kill('SIGKILL'), kill.after);
  });
  if (kill?.lines === 0) setTimeout(() => child.kill('SIGKILL'), kill.after);
  const [code] = await ended;
  await read;
  return code;
}

it(`${KILLS} times killed, an endpoint keeps every word`, async () => {
  const site = await Site.make();
  const sent: Sent[] = [];
  let before: string[] = [];
  for (let killed = 0; killed < KILLS; killed += 1) {
    // Some while it opens what the last one left, most while it answers, proves and publishes.
    const lines = Math.floor(random() * (ANSWERS + 2));
    await run(site, sent, ANSWERS, { lines, after: random() * (lines === 0 ? 1500 : 60) });
    const entries = await entriesOf(site).catch(() => []);
    // Nothing that the log has shown goes away.
    expect(entries.slice(0, before.length)).toEqual(before);
    before = entries;
  }
  expect(await run(site, sent, 4)).toBe(0);
  await inspect(site, sent, await entriesOf(site));
});

async function inspect(site: Site, sent: readonly Sent[], entries: readonly string[]): Promise<void> {
  const leaves = entries
    .map((text) => readLogEntry(text))
    .flatMap((one) => ('leaf' in one ? [one.leaf] : []));
  expect(new Set(leaves).size).toBe(leaves.length);
  expect(new Set(sent.map(({ index }) => index)).size).toBe(sent.length);
  for (const own of sent) {
    const { promised } = checkPromise(
      { ...own, salt: BigInt(own.salt) },
      {
        log: site.policy,
        model: site.record,
        row: iris().rows[own.row]!,
        context: Buffer.from(`row ${own.row}`),
        outputs: own.outputs.map(BigInt),
        clock: { now: Date.now() / 1000, tolerance: 7200, includeWithin: 60 },
      },
    );
    expect(promised.entry).toBe(entries[own.index]);
  }
  await inspectProofs(site, leaves);
}

/** Each answer of the log has one bundle, which is accepted, and its input can be opened. */
async function inspectProofs(site: Site, leaves: readonly string[]): Promise<void> {
  const records: SealedRecord[] = [];
  const store = await EmbeddedStore.open(path.join(site.folder, 'sealed'), {
    covered: 0,
    retention: () => 86_400,
  });
  await store.replay((record) => {
    if (record.kind === 'sealed') records.push(record);
  });
  await store.close();
  expect(records.map(({ statement }) => openEnvelopeV2(statement).leaf)).toEqual(leaves);
  const proofs = path.join(site.folder, 'proofs');
  const files = (await readdir(proofs, { recursive: true })).filter((name) => name.endsWith('.json'));
  expect(files.map((name) => path.basename(name, '.proof.json')).sort()).toEqual(
    records.map(({ receiptId }) => receiptId).sort(),
  );
  const keys = new Map();
  for (const { receiptId, statement, integers, salt } of records) {
    const text = await readFile(path.join(proofs, receiptId.slice(0, 2), `${receiptId}.proof.json`), 'utf8');
    const bundle = parseAnyBundle(text);
    expect(bundle.statement).toEqual(statement);
    expect(makeOpeningV2(site.record, { values: integers, salt: BigInt(salt!) }).digest).toBe(
      bundle.publicSignals[1],
    );
    const checker = NATIVE_CHECKER && { checker: NATIVE_CHECKER };
    expect(verifyBundle(text, { model: site.record.ids.modelId, keys, ...checker }).accepted).toBe(true);
  }
}
