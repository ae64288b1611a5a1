import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { type Outcome, quoted, readAnswer } from './answer.ts';
import { type ExternalVerifier, ending, MOST_BYTES, tooSlow } from './external-verifier.ts';

/**
 * Runs a verifier for one case, `<command> verify-bundle …`. Its exit status and its answer have to agree.
 *
 * @throws QP6651 if the command cannot be started
 */
export async function askOnce(verifier: ExternalVerifier, words: readonly string[]): Promise<Outcome> {
  const [program, ...rest] = verifier.command;
  const child = spawn(program, [...rest, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: verifier.limit,
  });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      if (said[name].length > MOST_BYTES) child.kill('SIGKILL');
    });
  }
  const started = performance.now();
  const [code, signal] = await ended.catch((cause: unknown) => {
    throw cannotStart(program, cause);
  });
  if (code !== 0 && code !== 1) {
    if (performance.now() - started >= verifier.limit) return tooSlow(verifier);
    return { problem: `${ending(code, signal)}: ${quoted(said.stderr)}` };
  }
  const answer = readAnswer(said.stdout);
  if ('problem' in answer || (code === 0) === (answer.verdict === 'valid')) return answer;
  return { problem: `${answer.verdict} with exit status ${code}` };
}

export function cannotStart(program: string, cause: unknown): QuietproofError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new QuietproofError('QP6651', {
    what: `The verifier cannot be started: ${why}`,
    where: program,
    fix: 'Pass a command that starts it, with the path of the program or of a program on the PATH',
    cause,
  });
}
