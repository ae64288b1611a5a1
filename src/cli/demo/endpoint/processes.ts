import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Started {
  readonly url: string;
  readonly process: ChildProcess;
}

export interface ProviderWords {
  readonly artifact: string;
  readonly key: string;
  readonly state: string;
  readonly origin: string;
  /** Seconds from an answer to its proof, as promised. */
  readonly within: number;
}

export async function startProvider({
  artifact,
  key,
  state,
  origin,
  within,
}: ProviderWords): Promise<Started> {
  const file = fileURLToPath(new URL('./provider.js', import.meta.url));
  const child = fork(file, [artifact, key, state, origin, String(within)]);
  return { url: await firstUrl(child, (tell) => child.once('message', tell)), process: child };
}

/** The command itself, as a user starts it. */
export async function startWatch(words: readonly string[]): Promise<Started> {
  const main = fileURLToPath(new URL('../../main.js', import.meta.url));
  const child = spawn(process.execPath, [main, 'watch', ...words, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await firstUrl(child, (tell) => {
    let out = '';
    child.stdout!.on('data', (piece) => {
      out += piece;
      const [line, rest] = out.split('\n');
      if (rest !== undefined) tell(JSON.parse(line!));
    });
  });
  return { url, process: child };
}

async function firstUrl(
  child: ChildProcess,
  listen: (tell: (message: { readonly url: string }) => void) => void,
): Promise<string> {
  const { url } = await new Promise<{ readonly url: string }>((resolve, reject) => {
    listen(resolve);
    child.once('exit', () => reject(new Error(`${child.spawnfile} ${child.spawnargs[1]} ended`)));
  });
  return url;
}

/** @returns its exit code */
export async function end({ process: child }: Started): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  return (await exit)[0];
}
