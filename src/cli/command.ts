import type { Command } from 'commander';
import type { OutputOptions, Shell } from './shell.ts';

export interface CommandText {
  /** Name and operands: `prove <artifact>`. */
  readonly usage: string;
  /** One short line for the list of commands: "Prove rows of data". */
  readonly summary: string;
  /** The rest of what the command's own help says. */
  readonly details?: string;
  /** Command lines that work as they stand. */
  readonly examples: readonly string[];
}

/** A command with what all of them have: `--json`, `--verbose`, examples under its help. */
export function addCommand(program: Command, text: CommandText): Command {
  const examples = text.examples.map((example) => `  $ ${example}`).join('\n');
  return program
    .command(text.usage)
    .summary(text.summary)
    .description(text.details === undefined ? text.summary : `${text.summary}. ${text.details}`)
    .option('--json', 'print one JSON object instead of text')
    .option('--verbose', 'log what happens to stderr')
    .addHelpText('after', `\nExample${text.examples.length === 1 ? '' : 's'}:\n${examples}`);
}

/**
 * Runs a command's body with the shell set up; commander passes the operands, then the options, then itself.
 * Bodies import what they need when they run: help and usage errors answer at once.
 */
export function onRun<Options extends OutputOptions>(
  shell: Shell,
  body: (operands: readonly string[], options: Options) => Promise<void>,
): (...words: unknown[]) => Promise<void> {
  return async (...words) => {
    const options = words.at(-2) as Options;
    await shell.configure(options);
    await body(words.slice(0, -2).flat() as string[], options);
  };
}
