import { inflateRawSync } from 'node:zlib';
import { verifyBundle } from '@quietproof/verify';
import { checkLogProof, readLogProof } from '@quietproof/verify/log';
import { readLogEntry } from '@quietproof/verify/seal';
import { expect, it } from 'vitest';
import { checkExchange } from '../../../../src/server/http/sealed/check-exchange.ts';
import { iris } from '../../serve/support/iris.ts';
import { entriesOf, Site, until } from '../../serve/support/open.ts';
import { atWork, endLeases, FAULTS, type FaultName, random } from '../support/faults.ts';
import { connect } from '../support/fleet-kind.ts';
import { Processes } from '../support/processes.ts';

/** `npm run test:slow:fleet` sets 100. */
const KILLS = Number(process.env.KILLS ?? 2);
/** In turn. The first ones are those of the sample in CI; `FAULTS=connections,pausedServer` has these alone. */
const ORDER = (process.env.FAULTS?.split(',') ?? [
  'database',
  'server',
  'databaseClock',
  'worker',
  'connections',
  'pausedServer',
  'serverClock',
  'pausedWorker',
]) as readonly FaultName[];
/** Milliseconds between questions of a client, and answers per strike, so that proving keeps pace on two cores. */
const PACE = 50;
const MOST = 12;

interface Sent {
  readonly request: Uint8Array;
  readonly answer: Uint8Array;
}

/** A client that goes on, whatever happens, and keeps every answer that it got. */
async function ask(fleet: Processes, sent: Sent[], stop: AbortSignal, first: number): Promise<void> {
  for (let n = first; !stop.aborted; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, PACE));
    if (!fleet.rushed && sent.length >= (fleet.struck + 1) * MOST) continue;
    const row = iris().rows[n % iris().rows.length]!;
    const inputs = [{ name: 'input', shape: [1, row.length], datatype: 'FP64', data: row }];
    const request = Buffer.from(JSON.stringify({ inputs, parameters: { context: `order ${n}` } }));
    const { url } = fleet.servers[n % fleet.servers.length] ?? { url: 'http://127.0.0.1:1' };
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(15_000), stop]);
      const answer = await fetch(`${url}/v2/models/iris/infer`, { method: 'POST', body: request, signal });
      if (answer.status === 200) sent.push({ request, answer: new Uint8Array(await answer.arrayBuffer()) });
    } catch {
      // No answer: whatever was sealed for it is proved all the same.
    }
  }
}

it(`${KILLS} times struck, a fleet keeps every word`, { timeout: 7_200_000 }, async () => {
  const site = await Site.make();
  const fleet = await Processes.of(site);
  const sent: Sent[] = [];
  const stop = new AbortController();
  try {
    await fleet.serve();
    await Promise.all([fleet.serve(), fleet.work(), fleet.work()]);
    const clients = [0, 1].map((n) => ask(fleet, sent, stop.signal, n));
    let before: string[] = [];
    for (; fleet.struck < KILLS; fleet.struck += 1) {
      await new Promise((resolve) => setTimeout(resolve, random() * 1500));
      await atWork(fleet, site);
      const name = ORDER[fleet.struck % ORDER.length]!;
      await FAULTS[name](fleet, site);
      // Nothing that the log has shown goes away.
      const entries = await entriesOf(site);
      expect(entries.slice(0, before.length)).toEqual(before);
      before = entries;
      if (KILLS > ORDER.length)
        process.stdout.write(`${fleet.struck + 1} ${name}: ${entries.length} entries\n`);
    }
    const count = sent.length;
    fleet.rushed = true;
    await until(() => (sent.length > count + 4 ? true : undefined));
    stop.abort();
    await Promise.all(clients);
    await drained(site);
    expect(fleet.died).toBe(0);
  } finally {
    stop.abort();
    await fleet.stop('SIGTERM');
  }
  await inspect(site, sent, fleet);
});

/** All that is sealed is proved, and the log covers it. */
async function drained(site: Site): Promise<void> {
  await endLeases(site);
  const database = await connect(site);
  await until(async () => {
    const { rows } = await database.query<{ open: string; dead: string }>(
      `select count(*) filter (where not proved) open, count(*) filter (where dead is not null) dead from quietproof.answer`,
    );
    expect(rows[0]!.dead).toBe('0');
    return rows[0]!.open === '0' || undefined;
  });
  await database.close();
}

async function inspect(site: Site, sent: readonly Sent[], { late }: Processes): Promise<void> {
  const entries = await entriesOf(site);
  const answers = entries.map((text) => readLogEntry(text)).flatMap((one) => ('leaf' in one ? [one] : []));
  expect(answers).toHaveLength(entries.length - 1);
  expect(new Set(answers.map(({ leaf }) => leaf)).size).toBe(answers.length);
  const times = answers.map(({ time }) => time);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  // Each answer that was sent stands where it was promised, and nowhere twice.
  const indices = sent.flatMap((own) => {
    const checked = checkExchange(own, {
      model: site.record,
      logOf: () => ({ ...site.policy, witnesses: { least: 0, of: [] } }),
    });
    for (const { promised } of checked) expect(promised.entry).toBe(entries[promised.index]);
    return checked.map(({ promised }) => promised.index);
  });
  expect(new Set(indices).size).toBe(indices.length);
  const database = await connect(site);
  const { rows } = await database.query<{ index: string; bundle: Buffer }>(
    'select index, bundle from quietproof.answer join quietproof.proof using (receipt_id) order by index',
  );
  const owed = await database.query<{ index: string }>(
    `select index from quietproof.notice where type = 'proof.ready' order by index`,
  );
  await database.close();
  // The receiver is away: each proof is owed to it, and none twice.
  expect(owed.rows.map(({ index }) => Number(index))).toEqual(answers.map((_, i) => i + 1));
  expect(rows.map(({ index }) => Number(index))).toEqual(answers.map((_, i) => i + 1));
  const keys = new Map();
  for (const { index, bundle } of rows) {
    const text = inflateRawSync(bundle).toString();
    expect(verifyBundle(text, { model: site.record.ids.modelId, keys }).accepted).toBe(true);
    const { content } = JSON.parse(text).sidecars.logProof;
    const { proof } = JSON.parse(Buffer.from(content, 'base64').toString());
    const entry = Buffer.from(entries[Number(index)]!);
    expect(checkLogProof(readLogProof(proof), entry, site.policy).index).toBe(Number(index));
  }
  const counts = `${sent.length} answers sent, ${rows.length} sealed and proved once`;
  process.stdout.write(`${counts}, ${late} more proofs came too late\n`);
}
