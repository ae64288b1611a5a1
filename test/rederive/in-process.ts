import { expect } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { Rederivation } from '../../src/rederive/rederivation.ts';

/** Runs the command line in this process, which saves starting one per command. */
export async function quietproof(...words: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const into = (lines: string[]) => ({ write: (text: string) => lines.push(text) > 0, isTTY: false });
  const code = await run(words, { stdout: into(out), stderr: into(err), env: { NO_COLOR: '1' } });
  return { code, stdout: out.join(''), stderr: err.join('') };
}

/** Runs a command that must succeed. */
export async function must(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await quietproof(...words);
  expect(code, `${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** Result of `rederive --json`, with its exit code. */
export async function rederived(...words: string[]): Promise<Rederivation & { readonly code: number }> {
  const found = await quietproof('rederive', ...words, '--json');
  expect(found.stderr).toBe('');
  return { code: found.code, ...(JSON.parse(found.stdout) as Rederivation) };
}
