import type { Command, CommanderError } from 'commander';
import { isConfigurable } from './config/configurable.ts';
import { CONFIG_FILE } from './config/find-config.ts';
import { checkPaths } from './paths/check-paths.ts';
import type { OutputOptions, Shell } from './shell.ts';
import { usageError } from './usage-error.ts';

export interface CommandText {
  /** Name and operands: `prove <artifact>`. */
  readonly usage: string;
  /** One short line for the list of commands: "Prove rows of data". */
  readonly summary: string;
  /** Further sentences for the command's own help. */
  readonly details?: string;
  /** Command lines that work as shown. */
  readonly examples: readonly string[];
}

/** Adds a command with what all commands have: `--json`, `--verbose`, `--timings`, and examples in its help. */
export function addCommand(program: Command, text: CommandText): Command {
  const examples = text.examples.map((example) => `  $ ${example}`).join('\n');
  const command = explainUsageErrors(program.command(text.usage))
    .summary(text.summary)
    .description(text.details === undefined ? text.summary : `${text.summary}. ${text.details}`)
    .option('--json', 'print one JSON object instead of text')
    .option('--verbose', 'log what happens to stderr')
    .option('--timings', 'say where the time goes, by phase')
    .addHelpText('after', `\nExample${text.examples.length === 1 ? '' : 's'}:\n${examples}`);
  if (!isConfigurable(command.name())) return command;
  return command.option('--config <config>', `options from this file (default: the nearest ${CONFIG_FILE})`);
}

/** Has commander throw errors of ours instead of ending the process. */
export function explainUsageErrors(command: Command): Command {
  return command.exitOverride((error: CommanderError) => {
    throw error.exitCode === 0 || error.code === 'commander.help' ? error : usageError(error, command);
  });
}

/**
 * Configures the shell, checks the paths, then runs a command's body. commander passes the operands, then the options, then the command.
 * Bodies import what they need when they run, so that help and usage errors appear at once.
 */
export function onRun<Options extends OutputOptions>(
  shell: Shell,
  body: (operands: readonly string[], options: Options) => Promise<void>,
): (...words: unknown[]) => Promise<void> {
  return async (...words) => {
    const options = words.at(-2) as Options;
    await shell.configure(options);
    shell.phase('paths');
    await checkPaths(words.at(-1) as Command);
    shell.phase('imports');
    await body(words.slice(0, -2).flat() as string[], options);
  };
}
