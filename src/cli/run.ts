import { CommanderError } from 'commander';
import type { ExitCode } from '../errors/error-spec.ts';
import { buildProgram } from './program.ts';
import { Shell, type ShellStreams } from './shell.ts';

/** Help and version were asked for and printed. */
const ANSWERED = new Set(['commander.helpDisplayed', 'commander.version']);

/**
 * Runs the command line.
 *
 * @param words without the interpreter and the script
 * @returns the exit code; everything is printed by then
 */
export async function run(words: readonly string[], streams: ShellStreams): Promise<ExitCode> {
  const shell = new Shell(streams);
  shell.expectJson(words);
  const stop = onInterrupt(shell);
  try {
    await buildProgram(shell, streams).parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError && ANSWERED.has(error.code))) shell.fail(error);
  } finally {
    stop();
  }
  return shell.exit;
}

/** Ctrl-C and `kill`: work that can stop cleanly does; anything else, or a second Ctrl-C, ends at once. */
function onInterrupt(shell: Shell): () => void {
  const handler = () => {
    if (!shell.interrupt()) process.exit(130);
  };
  process.on('SIGINT', handler).on('SIGTERM', handler);
  return () => {
    process.off('SIGINT', handler).off('SIGTERM', handler);
  };
}
