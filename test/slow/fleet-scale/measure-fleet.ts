// What a fleet takes, with PostgreSQL of its own in a temporary folder and each server and worker in a process of its own.
//   measure-fleet.js [--answers 1000] [--workers 1,2,4]       proofs a second, and CPU of each kind of process
//   measure-fleet.js --queued 100000 [--drain 120]            memory while so many wait, and a database that is restarted
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, type Reply } from '../../../bench/serving.ts';
import { Cluster } from '../../server/fleet/support/cluster.ts';
import { node22 } from '../../server/fleet/support/node-22.ts';

const { values } = parseArgs({
  options: {
    answers: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '1,2,4' },
    queued: { type: 'string' },
    drain: { type: 'string', default: '120' },
  },
});
const CONNECTIONS = 32;
const WARMING = 100;
const MODEL = 'models/iris-mlp';
/** Milliseconds between looks at what waits. */
const LOOK = 250;
/** Of the kernel: seconds and bytes. */
const [TICK, PAGE] = [1 / 100, 4096];

const root = mkdtempSync(path.join(tmpdir(), 'measure-fleet-'));
const inRoot = (name: string) => path.join(root, name);
const artifact = inRoot('iris');
const children: ChildProcess[] = [];

function quietproof(...words: string[]): void {
  execFileSync(process.execPath, ['dist/cli/main.js', ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Of a process with all its threads. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

function mebibytesOf({ pid }: ChildProcess): number {
  return Math.round((Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE) / 2 ** 20);
}

/** Starts a command of the fleet. @returns it, and the first JSON object that it prints */
async function start(words: readonly string[]): Promise<{ child: ChildProcess; said: string }> {
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const child = spawn(node22(), ['dist/cli/main.js', ...words, '--json'], { stdio: [...stdio] });
  children.push(child);
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (piece: string) => {
    said += piece;
  });
  while (!said.endsWith('}\n')) {
    if (child.exitCode !== null) throw new Error(`${words[0]} ended with ${child.exitCode}`);
    await pause(20);
  }
  return { child, said };
}

/** A server, and as many workers as are asked for, on one database. */
class Fleet {
  readonly workers: ChildProcess[] = [];
  readonly #shared: readonly string[];

  private constructor(
    readonly server: ChildProcess,
    readonly url: string,
    shared: readonly string[],
  ) {
    this.#shared = shared;
  }

  static async open(database: string): Promise<Fleet> {
    const shared = ['--database', database, '--inputs-key', inRoot('inputs.key')];
    const { child, said } = await start([
      ...[
        'serve',
        artifact,
        '--seal',
        'log',
        '--origin',
        'log.example/bench',
        '--log-key',
        inRoot('log.pem'),
      ],
      ...[...shared, '--prove', 'all', '--longest-wait', '24h', '--port', '0'],
    ]);
    return new Fleet(child, JSON.parse(said).url, shared);
  }

  async work(count: number): Promise<void> {
    const own = [...this.#shared, '--artifacts', root, '--workers', '1'];
    const begun = Array.from({ length: count }, (_, n) =>
      start(['worker', ...own, '--cache', inRoot(`cache-${n}`)]),
    );
    for (const { child } of await Promise.all(begun)) this.workers.push(child);
  }

  /** Of all models. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const lines = text.matchAll(new RegExp(`^quietproof_${name}(?:\\{.*\\})? (.+)$`, 'gm'));
    return Array.from(lines, ([, value]) => Number(value)).reduce((sum, value) => sum + value, 0);
  }

  async provedBy(total: number): Promise<void> {
    while ((await this.metric('proofs_total')) < total) await pause(LOOK);
  }

  async stop(): Promise<void> {
    for (const child of [...this.workers, this.server]) await ended(child);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

async function clientOf(): Promise<Client> {
  const { inputs } = JSON.parse(readFileSync(path.join(MODEL, 'test.json'), 'utf8')) as {
    inputs: number[][];
  };
  return new Client(inputs.slice(0, 4), CONNECTIONS);
}

function answered(replies: readonly Reply[]): number {
  const refused = replies.find(({ status }) => status !== 200);
  if (refused !== undefined) throw new Error(`an answer is ${refused.status}: ${refused.body}`);
  return replies.length;
}

const figure = (value: number, digits = 1) => Number(value.toFixed(digits));

/** Answers without workers, then proofs of them. */
async function measureWorkers(cluster: Cluster, count: number, answers: number): Promise<void> {
  const fleet = await Fleet.open(cluster.make(`workers_${count}`));
  const client = await clientOf();
  answered((await client.askMany(fleet.url, WARMING)).replies);
  const before = [cluster.cpu, cpuOf(fleet.server)] as const;
  const { replies, seconds } = await client.askMany(fleet.url, answers);
  const sealing = [cluster.cpu - before[0], cpuOf(fleet.server) - before[1]] as const;
  answered(replies);
  await fleet.work(count);
  // The first proofs wait for keys to be loaded.
  await fleet.provedBy(WARMING / 2);
  const first = await fleet.metric('proofs_total');
  const atFirst = [cluster.cpu, cpuOf(fleet.server), ...fleet.workers.map(cpuOf)];
  const started = performance.now();
  await fleet.provedBy(answers + WARMING);
  const proving = (performance.now() - started) / 1000;
  const [database, server, ...workers] = [cluster.cpu, cpuOf(fleet.server), ...fleet.workers.map(cpuOf)].map(
    (cpu, n) => cpu - atFirst[n]!,
  ) as [number, number, ...number[]];
  const proofs = answers + WARMING - first;
  const per1000 = (cpu: number, done: number) => figure((cpu * 1000) / done);
  console.log(
    JSON.stringify({
      workers: count,
      answersPerSecond: Math.round(answers / seconds),
      cpuOf1000Answers: { database: per1000(sealing[0], answers), server: per1000(sealing[1], answers) },
      proofs,
      proofsPerSecondAndWorker: figure(proofs / proving / count),
      cpuOf1000Proofs: {
        database: per1000(database, proofs),
        server: per1000(server, proofs),
        workers: per1000(
          workers.reduce((sum, cpu) => sum + cpu, 0),
          proofs,
        ),
      },
    }),
  );
  if ((await fleet.metric('queue_dead')) > 0) throw new Error('a job is dead');
  await fleet.stop();
}

/** Many that wait, of which some are proved, over a restart of the database. */
async function measureQueue(cluster: Cluster, queued: number, seconds: number): Promise<void> {
  const fleet = await Fleet.open(cluster.make('queued'));
  const client = await clientOf();
  const PARTS = 10;
  for (let part = 1; part <= PARTS; part += 1) {
    const { replies, seconds: took } = await client.askMany(fleet.url, queued / PARTS);
    answered(replies);
    const [waiting, server] = [(queued / PARTS) * part, mebibytesOf(fleet.server)];
    console.log(
      JSON.stringify({ waiting, answersPerSecond: Math.round(replies.length / took), serverMiB: server }),
    );
  }
  await fleet.work(2);
  const begun = performance.now();
  let restarted = false;
  while (performance.now() - begun < seconds * 1000) {
    await pause((seconds * 1000) / PARTS);
    const proved = await fleet.metric('proofs_total');
    const workersMiB = fleet.workers.map(mebibytesOf);
    console.log(JSON.stringify({ proved, serverMiB: mebibytesOf(fleet.server), workersMiB }));
    if (restarted || performance.now() - begun < seconds * 500) continue;
    cluster.kill();
    cluster.begin();
    restarted = true;
    await pause(5_000);
  }
  for (const child of fleet.workers) await ended(child);
  const [waiting, proved, dead] = await Promise.all(
    ['queue_waiting', 'proofs_total', 'queue_dead'].map((name) => fleet.metric(name)),
  );
  console.log(JSON.stringify({ answers: queued, waiting, proved, dead, lost: queued - waiting! - proved! }));
  if (waiting! + proved! !== queued || dead !== 0) process.exitCode = 1;
  await fleet.stop();
}

let cluster: Cluster | undefined;
try {
  quietproof(
    'compile',
    MODEL,
    '--calibration',
    path.join(MODEL, 'test.json'),
    '--out',
    artifact,
    '--name',
    'iris',
  );
  quietproof('setup', artifact, '--dev');
  quietproof('keygen', inRoot('log.pem'));
  writeFileSync(inRoot('inputs.key'), `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  cluster = Cluster.start();
  if (values.queued === undefined) {
    for (const count of values.workers.split(',')) {
      await measureWorkers(cluster, Number(count), Number(values.answers));
    }
  } else await measureQueue(cluster, Number(values.queued), Number(values.drain));
} finally {
  for (const child of children) child.kill('SIGKILL');
  cluster?.stop();
  if (existsSync(root)) rmSync(root, { recursive: true, force: true });
}
