import { type Command, CommanderError } from 'commander';
import type { ExitCode } from '../errors/error-spec.ts';
import { requireUtf8 } from './argument-bytes.ts';
import { applyConfig } from './config/apply-config.ts';
import { buildProgram } from './program.ts';
import { Shell, type ShellStreams } from './shell.ts';
import { unknownCommand } from './usage-error.ts';

/** Codes that commander throws after it has printed help or the version. */
const ALREADY_PRINTED = new Set(['commander.helpDisplayed', 'commander.help', 'commander.version']);

/**
 * Runs the command line. Without words, it prints the help.
 *
 * @param words arguments, without the interpreter and the script
 * @returns the exit code, after everything has been printed
 */
export async function run(words: readonly string[], streams: ShellStreams): Promise<ExitCode> {
  const shell = new Shell(streams);
  shell.expectJson(words);
  try {
    requireUtf8(words);
    const program = await buildProgram(shell, streams, words);
    requireCommand(words, program);
    shell.configuration = await applyConfig(program, words, () => buildProgram(shell, streams));
    await program.parseAsync(words.length === 0 ? ['--help'] : words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError && ALREADY_PRINTED.has(error.code))) shell.fail(error);
  } finally {
    shell.ended();
  }
  return shell.exit;
}

/** commander itself prints the general help for `frobnicate --help` and for `help frobnicate`. */
function requireCommand(words: readonly string[], program: Command): void {
  const names = new Set(program.commands.map((command) => command.name()));
  const [first, second] = words.filter((word) => !word.startsWith('-'));
  const named = first === 'help' ? second : first;
  if (named !== undefined && !names.has(named)) throw unknownCommand(named, program);
}
