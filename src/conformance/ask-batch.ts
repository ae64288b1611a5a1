import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { type Outcome, quoted, readAnswer } from './answer.ts';
import { cannotStart } from './ask-once.ts';
import { type ExternalVerifier, ending, tooSlow } from './external-verifier.ts';

/** Processes in a row that may end without a single answer. */
const MOST_SILENT = 3;

/**
 * Runs `<command> batch`: one JSON list of arguments per line to its standard input, one answer per line from its
 * standard output. Where it ends or is silent for too long, the case that it was at has no answer, and another process
 * goes on with the next.
 *
 * @param onAnswer called after each case
 * @throws QP6651 if the command cannot be started; QP6652 if it answers nothing
 */
export async function askBatch(
  verifier: ExternalVerifier,
  lists: readonly (readonly string[])[],
  onAnswer: () => void = () => {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let silent = 0;
  while (outcomes.length < lists.length) {
    const { answers, why } = await oneProcess(verifier, lists.slice(outcomes.length), onAnswer);
    outcomes.push(...answers);
    silent = answers.length === 0 ? silent + 1 : 0;
    if (silent === MOST_SILENT && outcomes.length < MOST_SILENT) throw answersNothing(verifier, why);
    if (outcomes.length === lists.length) break;
    outcomes.push(why);
    onAnswer();
  }
  return outcomes;
}

interface Run {
  readonly answers: Outcome[];
  /** Why the next case has no answer, if one was left. */
  readonly why: Outcome;
}

async function oneProcess(
  verifier: ExternalVerifier,
  lists: readonly (readonly string[])[],
  onAnswer: () => void,
): Promise<Run> {
  const [program, ...rest] = verifier.command;
  const child = spawn(program, [...rest, 'batch'], { stdio: 'pipe' });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  ended.catch(() => {});
  let [stderr, isSlow] = ['', false];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-1000);
  });
  // It may end before it has read everything.
  child.stdin.on('error', () => {});
  child.stdin.end(lists.map((words) => `${JSON.stringify(words)}\n`).join(''));
  const stop = () => {
    isSlow = true;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(stop, verifier.limit);
  const answers: Outcome[] = [];
  for await (const line of createInterface(child.stdout)) {
    if (answers.length === lists.length) continue;
    clearTimeout(timer);
    timer = setTimeout(stop, verifier.limit);
    answers.push(readAnswer(line));
    onAnswer();
  }
  const [code, signal] = await ended
    .catch((cause: unknown) => {
      throw cannotStart(program, cause);
    })
    .finally(() => clearTimeout(timer));
  if (isSlow) return { answers, why: tooSlow(verifier) };
  return { answers, why: { problem: `${ending(code, signal)}: ${quoted(stderr)}` } };
}

function answersNothing(verifier: ExternalVerifier, why: Outcome): QuietproofError {
  return new QuietproofError('QP6652', {
    what: `\`${verifier.command.join(' ')} batch\` answers nothing${'problem' in why ? `: ${why.problem}` : ''}`,
    fix: 'Leave out --batch if the verifier has no such subcommand; otherwise write each answer as soon as it is known',
  });
}
