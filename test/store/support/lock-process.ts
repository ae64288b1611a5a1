import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export type Mechanism = 'best' | 'flock' | 'none';

export interface Answer {
  readonly state: 'ready' | 'taken' | 'refused' | 'released';
  readonly code?: string;
  readonly message?: string;
  readonly mechanism?: string;
  readonly pid?: number;
}

/** As a container does: a pid namespace of its own, in which the process is pid 1 and sees no other. */
const IN_NAMESPACE = ['unshare', '-r', '-p', '-f', '--kill-child', '--mount-proc'];

/** Whether pid namespaces can be made. If not, the tests that need them are skipped, but never in CI. */
export const canUnshare =
  process.platform === 'linux' &&
  spawnSync(IN_NAMESPACE[0]!, [...IN_NAMESPACE.slice(1), 'true']).status === 0;
if (!canUnshare && process.env.CI !== undefined)
  throw new Error('pid namespaces cannot be made: unshare failed');

/** A process of its own that takes locks. */
export class LockProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(mechanism: Mechanism, { namespace = false } = {}): Promise<LockProcess> {
    const script = fileURLToPath(new URL('lock-process.mjs', import.meta.url));
    const words = [process.execPath, script, path.resolve('dist/store'), mechanism];
    const [command, ...rest] = namespace ? [...IN_NAMESPACE, ...words] : words;
    const child = spawn(command!, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const started = new LockProcess(child);
    const { pid } = await started.#answer();
    if (namespace !== (pid === 1)) throw new Error(`the process is ${pid} in its namespace`);
    return started;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  async take(folder: string): Promise<Answer> {
    const answer = this.#answer();
    this.#child.send({ take: folder });
    return await answer;
  }

  async release(): Promise<void> {
    const answer = this.#answer();
    this.#child.send({});
    await answer;
  }

  /** kill -9, and waits until the process is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await gone;
  }

  async #answer(): Promise<Answer> {
    const [answer] = await once(this.#child, 'message');
    return answer as Answer;
  }
}
