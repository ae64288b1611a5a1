import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { verifyBundle } from '@quietproof/verify';
import { checkLogProof, readLogProof } from '@quietproof/verify/log';
import { readLogEntry } from '@quietproof/verify/seal';
import { expect, it } from 'vitest';
import { checkExchange } from '../../../../src/server/http/sealed/check-exchange.ts';
import { iris } from '../../serve/support/iris.ts';
import { entriesOf, ORIGIN, Site, until } from '../../serve/support/open.ts';
import { cluster, connect, databaseOf, KEY } from '../support/fleet-kind.ts';

/** `npm run test:slow:fleet` sets 100. */
const KILLS = Number(process.env.KILLS ?? 2);
/** Milliseconds between questions of a client, and answers per strike, so that proving keeps pace on two cores. */
const PACE = 50;
const MOST = 12;

/** A fixed sequence that looks random, from 0 to below 1. */
const random = (() => {
  let state = 20_261_128;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
})();

const MAIN = path.resolve('dist/cli/main.js');

/** Commands of a fleet, each in a process of its own. */
class Processes {
  readonly #site: Site;
  readonly #words: readonly string[];
  readonly servers: { child: ChildProcess; url: string }[] = [];
  readonly workers: ChildProcess[] = [];
  struck = 0;
  readonly #all: ChildProcess[] = [];

  constructor(site: Site, files: { key: string; inputsKey: string }) {
    this.#site = site;
    this.#words = ['--database', databaseOf(site), '--inputs-key', files.inputsKey];
    this.serveWords = [
      ...['serve', iris().artifactDir, '--seal', 'log', '--origin', ORIGIN, '--log-key', files.key],
      ...[...this.#words, '--longest-wait', '2h', '--json', '--port', '0'],
    ];
  }

  readonly serveWords: readonly string[];

  async serve(): Promise<void> {
    const child = spawn(process.execPath, [MAIN, ...this.serveWords], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#all.push(child);
    let said = '';
    const url = await new Promise<string | undefined>((resolve) => {
      child.stdout!.on('data', (piece) => {
        said += piece;
        if (said.endsWith('}\n')) resolve(JSON.parse(said).url);
      });
      child.once('exit', () => resolve(undefined));
    });
    // It may have been started while the database was gone.
    if (url === undefined) return this.serve();
    this.servers.push({ child, url });
  }

  async work(): Promise<void> {
    const cache = await mkdtemp(path.join(this.#site.folder, 'cache-'));
    const own = [
      'worker',
      ...this.#words,
      '--artifacts',
      iris().root,
      '--cache',
      cache,
      '--workers',
      '1',
      '--json',
    ];
    const child = spawn(process.execPath, [MAIN, ...own], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#all.push(child);
    await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
    child.stdout!.resume();
    if (child.exitCode !== null) return this.work();
    this.workers.push(child);
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    await Promise.all(
      this.#all.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGCONT');
        child.kill(signal);
        await once(child, 'exit');
      }),
    );
  }
}

interface Sent {
  readonly request: Uint8Array;
  readonly answer: Uint8Array;
}

/** A client that goes on, whatever happens, and keeps every answer that it got. */
async function ask(fleet: Processes, sent: Sent[], stop: AbortSignal, first: number): Promise<void> {
  for (let n = first; !stop.aborted; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, PACE));
    if (sent.length >= (fleet.struck + 1) * MOST) continue;
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

/** What can happen to a fleet, in turn. */
const FAULTS = {
  async server(fleet: Processes) {
    const [victim] = fleet.servers.splice(Math.floor(random() * fleet.servers.length), 1);
    victim!.child.kill('SIGKILL');
    await fleet.serve();
  },
  async worker(fleet: Processes) {
    const [victim] = fleet.workers.splice(Math.floor(random() * fleet.workers.length), 1);
    victim!.kill('SIGKILL');
    await fleet.work();
  },
  async database() {
    cluster().kill();
    cluster().begin();
  },
  async connections(_: Processes, site: Site) {
    const database = await connect(site);
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await database.close();
  },
  /** Longer than a transaction may be idle and a lease of the log lasts. */
  async pausedServer(fleet: Processes) {
    const { child } = fleet.servers[Math.floor(random() * fleet.servers.length)]!;
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    child.kill('SIGCONT');
  },
  /** Longer than the lease of a job. */
  async pausedWorker(fleet: Processes) {
    const child = fleet.workers[Math.floor(random() * fleet.workers.length)]!;
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 35_000));
    child.kill('SIGCONT');
  },
} as const;

/** The first ones are those of the sample in CI. */
const ORDER = ['database', 'server', 'worker', 'connections', 'pausedServer', 'pausedWorker'] as const;

it(`${KILLS} times struck, a fleet keeps every word`, { timeout: 7_200_000 }, async () => {
  const site = await Site.make();
  const key = path.join(site.folder, 'log.pem');
  const inputsKey = path.join(site.folder, 'inputs.key');
  await writeFile(key, site.key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await writeFile(inputsKey, `${KEY}\n`, { mode: 0o600 });
  const fleet = new Processes(site, { key, inputsKey });
  const sent: Sent[] = [];
  const stop = new AbortController();
  try {
    await fleet.serve();
    await Promise.all([fleet.serve(), fleet.work(), fleet.work()]);
    const clients = [0, 1].map((n) => ask(fleet, sent, stop.signal, n));
    let before: string[] = [];
    for (; fleet.struck < KILLS; fleet.struck += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200 + random() * 1500));
      await FAULTS[ORDER[fleet.struck % ORDER.length]!](fleet, site);
      // Nothing that the log has shown goes away.
      const entries = await entriesOf(site);
      expect(entries.slice(0, before.length)).toEqual(before);
      before = entries;
    }
    const count = sent.length;
    await until(() => (sent.length > count + 4 ? true : undefined));
    stop.abort();
    await Promise.all(clients);
    await drained(site);
  } finally {
    stop.abort();
    await fleet.stop('SIGTERM');
  }
  await inspect(site, sent);
});

/** All that is sealed is proved, and the log covers it. */
async function drained(site: Site): Promise<void> {
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

async function inspect(site: Site, sent: readonly Sent[]): Promise<void> {
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
  await database.close();
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
  process.stdout.write(`${sent.length} answers sent, ${rows.length} sealed and proved once\n`);
}
