import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { secretOf } from '../../serve/support/hook.ts';
import { iris } from '../../serve/support/iris.ts';
import { ORIGIN, type Site } from '../../serve/support/open.ts';
import { databaseOf, KEY } from './fleet-kind.ts';

const MAIN = path.resolve('dist/cli/main.js');
const CLOCK = fileURLToPath(new URL('jumping-clock.mjs', import.meta.url));

/** Characters of what a process has said before it ended. */
const MOST_SHOWN = 2000;

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly url: string;
}

interface Files {
  readonly key: string;
  readonly inputsKey: string;
  readonly secret: string;
}

/** Commands of a fleet, each in a process of its own. */
export class Processes {
  readonly #site: Site;
  readonly #words: readonly string[];
  readonly #serveWords: readonly string[];
  readonly #all: ChildProcess[] = [];
  #stopping = false;
  readonly servers: ServerProcess[] = [];
  readonly workers: ChildProcess[] = [];
  /** Times that something happened to it. */
  struck = 0;
  /** Whether clients ask as fast as they can. */
  rushed = false;
  /** Processes that ended by themselves after they had begun. */
  died = 0;
  /** Proofs that came when the job was another's. */
  late = 0;

  private constructor(site: Site, files: Files) {
    this.#site = site;
    this.#words = ['--database', databaseOf(site), '--inputs-key', files.inputsKey];
    this.#serveWords = [
      ...['serve', iris().artifactDir, '--seal', 'log', '--origin', ORIGIN, '--log-key', files.key],
      ...[...this.#words, '--longest-wait', '3h', '--json', '--port', '0'],
      // Nobody listens there, so that everything stays owed.
      ...['--webhook', 'http://127.0.0.1:1/', '--webhook-secret-file', files.secret],
    ];
  }

  static async of(site: Site): Promise<Processes> {
    const key = path.join(site.folder, 'log.pem');
    const inputsKey = path.join(site.folder, 'inputs.key');
    await writeFile(key, site.key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    await writeFile(inputsKey, `${KEY}\n`, { mode: 0o600 });
    const secret = path.join(site.folder, 'hook.secret');
    await writeFile(secret, secretOf(), { mode: 0o600 });
    return new Processes(site, { key, inputsKey, secret });
  }

  #start(words: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, ['--import', CLOCK, MAIN, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#all.push(child);
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.late += text.split('"msg":"lost"').length - 1;
    });
    return child;
  }

  async serve(): Promise<void> {
    const child = this.#start(this.#serveWords);
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
    this.#watch(child);
    this.servers.push({ child, url });
  }

  async work(): Promise<void> {
    const cache = await mkdtemp(path.join(this.#site.folder, 'cache-'));
    const own = ['--artifacts', iris().root, '--cache', cache, '--workers', '1', '--json'];
    const child = this.#start(['worker', ...this.#words, ...own]);
    await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
    child.stdout!.resume();
    if (child.exitCode !== null) return this.work();
    this.#watch(child);
    this.workers.push(child);
  }

  #watch(child: ChildProcess): void {
    let last = '';
    child.stderr!.on('data', (text: string) => {
      last = (last + text).slice(-MOST_SHOWN);
    });
    child.once('exit', (code) => {
      if (code === null || this.#stopping) return;
      this.died += 1;
      process.stdout.write(`a process of the fleet ended with ${code}: ${last}\n`);
    });
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    this.#stopping = true;
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
