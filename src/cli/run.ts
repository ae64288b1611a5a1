import { CommanderError } from 'commander';
import type { ExitCode } from '../errors/error-spec.ts';
import { buildProgram } from './program.ts';
import { Shell, type ShellStreams } from './shell.ts';

/** Codes that commander throws after it has printed help or the version. */
const ALREADY_PRINTED = new Set(['commander.helpDisplayed', 'commander.version']);

/**
 * Runs the command line.
 *
 * @param words arguments, without the interpreter and the script
 * @returns the exit code, after everything has been printed
 */
export async function run(words: readonly string[], streams: ShellStreams): Promise<ExitCode> {
  const shell = new Shell(streams);
  shell.expectJson(words);
  const stop = onInterrupt(shell);
  try {
    await buildProgram(shell, streams).parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError && ALREADY_PRINTED.has(error.code))) shell.fail(error);
  } finally {
    stop();
  }
  return shell.exit;
}

/**
 * On Ctrl-C or `kill`, work that can stop cleanly does so. Other work, or a second Ctrl-C, ends the process at once.
 */
function onInterrupt(shell: Shell): () => void {
  const handler = () => {
    if (!shell.interrupt()) process.exit(130);
  };
  process.on('SIGINT', handler).on('SIGTERM', handler);
  return () => {
    process.off('SIGINT', handler).off('SIGTERM', handler);
  };
}
