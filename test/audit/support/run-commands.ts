import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('run-commands.mjs', import.meta.url));

export interface CommandResult {
  readonly code: number;
  readonly printed: string;
}

/** Runs command lines of the build in one process: where there are many, starting it takes longer than what they do. */
export function runCommands(commands: readonly (readonly string[])[]): Promise<CommandResult[]> {
  const child = spawn(process.execPath, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  const printed: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  // One that ended early says why on stderr.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(commands));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(Buffer.concat(printed).toString()) as CommandResult[]);
      else reject(new Error(`the commands ended with ${code}`));
    });
  });
}
