import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Answer } from './case-types.ts';

/** Runs a command for one case: `<command> verify-bundle …`. Its exit status and answer must agree. */
export function askOnce(command: readonly string[], words: readonly string[]): Answer {
  const [program, ...rest] = command;
  const { status, stdout, stderr, error } = spawnSync(program as string, [...rest, ...words], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${program} ended with ${status}: ${stderr}`);
  const answer = JSON.parse(stdout) as Answer;
  if ((status === 0) !== (answer.verdict === 'valid'))
    throw new Error(`${answer.verdict} with exit status ${status}`);
  return answer;
}

/** Runs `<command> batch` for many cases, with one JSON list of arguments per line. */
export async function askMany(
  command: readonly string[],
  lists: readonly (readonly string[])[],
): Promise<Answer[]> {
  const [program, ...rest] = command;
  const child = spawn(program as string, [...rest, 'batch'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  child.stdin.end(lists.map((words) => `${JSON.stringify(words)}\n`).join(''));
  const answers: Answer[] = [];
  for await (const line of createInterface(child.stdout)) answers.push(JSON.parse(line) as Answer);
  const [code, signal] = (await closed) as [number | null, string | null];
  if (code !== 0) throw new Error(`${program} ended with ${signal ?? code} after ${answers.length} answers`);
  return answers;
}
