import { spawn as spawnProcess, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where Debian, Homebrew and others have the server's programs, newest first. */
const FOLDERS = [
  ...versionsOf('/usr/lib/postgresql', 'bin'),
  ...versionsOf('/opt/homebrew/opt', 'bin').filter((folder) => folder.includes('postgresql')),
  '/usr/local/bin',
  '/usr/bin',
];
/** PostgreSQL does not run as root. */
const ROOT_RUNS_AS = 'postgres';

/** Whether PostgreSQL's server is installed here. */
export const POSTGRES = FOLDERS.find((folder) => existsSync(path.join(folder, 'initdb')));

function versionsOf(folder: string, inside: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return names.map((name) => path.join(folder, name, inside));
}

/** A database server of the test's own, in a temporary folder, reached through a socket there. */
export class Cluster {
  readonly #folder: string;
  readonly #onExit = () => this.#remove();

  private constructor(folder: string) {
    this.#folder = folder;
    process.on('exit', this.#onExit);
  }

  static start(): Cluster {
    const folder = mkdtempSync(path.join(tmpdir(), 'quietproof-pg-'));
    // The server's user makes its data in it, and everybody connects through it.
    chmodSync(folder, 0o777);
    const cluster = new Cluster(folder);
    cluster.#watch();
    run('initdb', [
      '-D',
      cluster.#data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '--no-sync',
      '-E',
      'UTF8',
      '--locale=C',
    ]);
    cluster.begin();
    return cluster;
  }

  /** Ends the server also when this process is killed, in whatever way. */
  #watch(): void {
    const stop = [...as(path.join(POSTGRES!, 'pg_ctl')), '-D', this.#data, '-m', 'immediate', 'stop'].join(
      ' ',
    );
    const watch = `while kill -0 ${process.pid} && [ -d ${this.#folder} ]; do sleep 1; done; [ -d ${this.#folder} ] && ${stop} && rm -rf ${this.#folder}`;
    spawnProcess('sh', ['-c', watch], { stdio: 'ignore', detached: true }).unref();
  }

  get #data(): string {
    return path.join(this.#folder, 'data');
  }

  /** Starts the server, also after it was killed. */
  begin(): void {
    const own = `-k ${this.#folder} -c listen_addresses= -c fsync=on -c shared_buffers=32MB -c max_connections=60`;
    const log = path.join(this.#folder, 'log');
    run('pg_ctl', ['-D', this.#data, '-l', log, '-w', '-t', '60', '-o', own, 'start']);
  }

  /** Makes a database, perhaps as a copy of one that nobody is connected to, and gives its address. */
  make(name: string, template = 'template1'): string {
    run('createdb', ['-h', this.#folder, '-U', 'postgres', '-T', template, name]);
    return `postgres://postgres@/${name}?host=${encodeURIComponent(this.#folder)}`;
  }

  /** The process that all others of the server end with. */
  get pid(): number {
    return Number(readFileSync(path.join(this.#data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** CPU seconds of the server and all sessions that there were. Linux only. */
  get cpu(): number {
    const { pid } = this;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    const ticks = children.reduce((sum, child) => sum + ticksOf(child, 2), ticksOf(String(pid), 4));
    return ticks / TICKS;
  }

  /** kill -9 of the server. Its sessions end too; what is committed is there when it begins again. */
  kill(): void {
    const { pid } = this;
    process.kill(pid, 'SIGKILL');
    run('sh', ['-c', `while kill -0 ${pid} 2>/dev/null; do sleep 0.05; done`]);
  }

  /** Names of the data files that contain one of these words. */
  grep(words: readonly string[]): string {
    const patterns = words.flatMap((word) => ['-e', word]);
    return spawnSync('grep', ['-rlaF', ...patterns, this.#data], { encoding: 'utf8' }).stdout;
  }

  #remove(): void {
    if (POSTGRES !== undefined && existsSync(path.join(this.#data, 'postmaster.pid'))) {
      spawn('pg_ctl', ['-D', this.#data, '-m', 'immediate', '-w', 'stop']);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  stop(): void {
    process.off('exit', this.#onExit);
    this.#remove();
  }
}

const TICKS = 100;

/** @param columns 2 for the process itself, 4 with those of its children that have ended */
function ticksOf(pid: string, columns: 2 | 4): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  const fields = readFileSync(file, 'utf8').split(') ')[1]!.split(' ');
  return fields.slice(11, 11 + columns).reduce((sum, ticks) => sum + Number(ticks), 0);
}

function spawn(program: string, words: readonly string[]) {
  const file = program === 'sh' ? program : path.join(POSTGRES!, program);
  // Its output goes nowhere: the server would keep a pipe open.
  const options = { stdio: 'ignore', cwd: tmpdir() } as const;
  const [first, ...rest] = [...as(file), ...words];
  return spawnSync(first!, rest, options);
}

function as(file: string): string[] {
  return process.getuid?.() === 0 ? ['runuser', '-u', ROOT_RUNS_AS, '--', file] : [file];
}

function run(program: string, words: readonly string[]): void {
  const { status, error } = spawn(program, words);
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${error?.message ?? `status ${status}`}`);
}
