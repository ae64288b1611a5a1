import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly milliseconds: number;
}

export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a command that says where it listens. */
export async function start(words: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, ['dist/cli/main.js', ...words, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  let out = '';
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (piece: Buffer) => {
      out += piece;
      if (!out.endsWith('}\n')) return;
      child.stdout.off('data', hear).resume();
      resolve(JSON.parse(out).url);
    };
    child.stdout.on('data', hear);
    child.on('close', () => reject(new Error(`${words.join(' ')} ended`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url, stop };
}

export function serve(words: readonly string[]): Promise<Served> {
  return start(['serve', ...words, '--port', '0']);
}

/** Asks the model `iris`. */
export class Client {
  readonly #agent: Agent;
  readonly #bodies: readonly string[];
  readonly #connections: number;

  constructor(rows: readonly (readonly number[])[], connections: number) {
    this.#connections = connections;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.#bodies = rows.map((row) =>
      JSON.stringify({ inputs: [{ name: 'input', shape: [1, row.length], datatype: 'FP64', data: row }] }),
    );
  }

  ask(url: string, n: number): Promise<Reply> {
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const own = request(
        `${url}/v2/models/iris/infer`,
        { method: 'POST', agent: this.#agent },
        (response) => {
          let body = '';
          response.on('data', (piece) => {
            body += piece;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode!, body, milliseconds: performance.now() - started }),
          );
        },
      );
      own.on('error', reject);
      own.end(this.#bodies[n % this.#bodies.length]);
    });
  }

  /** As many at a time as there are connections. */
  async askMany(
    url: string,
    count: number,
  ): Promise<{ readonly replies: Reply[]; readonly seconds: number }> {
    const replies: Reply[] = [];
    let next = 0;
    const started = performance.now();
    const connection = async () => {
      while (next < count) {
        next += 1;
        replies.push(await this.ask(url, next));
      }
    };
    await Promise.all(Array.from({ length: this.#connections }, connection));
    return { replies, seconds: (performance.now() - started) / 1000 };
  }
}

export function quantile(replies: readonly Reply[], q: number): number {
  const sorted = replies.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
}
