import { run } from '../../../src/cli/run.ts';

/** Runs a command line in this process, without a terminal or colour: for commands that start no worker. */
export async function runHere(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const [stdout, stderr] = [new Captured(), new Captured()];
  const code = await run(words, { stdout, stderr, env });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

class Captured {
  text = '';

  write(chunk: string): void {
    this.text += chunk;
  }
}
