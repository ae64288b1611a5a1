import { existsSync } from 'node:fs';
import type { Command, CommanderError } from 'commander';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { nearestTo } from '../text/nearest.ts';
import { oneOf } from '../text/words.ts';

/** What commander found wrong with the words of a command, with a fix computed from what the command takes. */
export function usageError(error: CommanderError, command: Command): QuietproofError {
  const what = error.message.replace(/^error: /, '').replace(/\.$/, '');
  const fix = (FIXES[error.code] ?? readHelp)(what, command);
  return new QuietproofError('QP1001', {
    what: what.replace(/\. Allowed choices are .*$/, ''),
    fix,
    cause: error,
  });
}

/** A word that is not the name of a command. */
export function unknownCommand(word: string, program: Command): QuietproofError {
  const names = program.commands.map((command) => command.name());
  const fix = didYouMean(nearestTo(word, names)) ?? `The commands are ${names.join(', ')}`;
  return new QuietproofError('QP1001', { what: `unknown command '${word}'`, fix });
}

type Fix = (what: string, command: Command) => string;

const readHelp: Fix = (_what, command) => `${commandLine(command)} --help shows what it takes`;

/** By commander's code of the error; its messages quote what the user wrote. */
const FIXES: Readonly<Record<string, Fix>> = {
  'commander.unknownOption': (what, command) => {
    const [word = ''] = quoted(what);
    const flags = command
      .createHelp()
      .visibleOptions(command)
      .map((option) => option.long!);
    return didYouMean(nearestTo(word.replace(/=.*$/s, ''), flags)) ?? readHelp(what, command);
  },
  'commander.invalidArgument': (what, command) => {
    const choices = /Allowed choices are (.*)$/.exec(what)?.[1]?.split(', ');
    if (choices === undefined) return readHelp(what, command);
    const refused = /(?:argument|value) '([^']*)' is invalid/.exec(what)?.[1] ?? '';
    return didYouMean(nearestTo(refused, choices)) ?? `Choose ${oneOf(choices)}`;
  },
  'commander.excessArguments': (_what, command) => {
    const joined = command.args.join(' ');
    return existsSync(joined) ? `Quote a path with spaces: "${joined}"` : `It is used as: ${usage(command)}`;
  },
  'commander.missingArgument': (_what, command) => `It is used as: ${usage(command)}`,
};

function didYouMean(word: string | undefined): string | undefined {
  return word === undefined ? undefined : `Did you mean ${word}?`;
}

function quoted(text: string): string[] {
  return Array.from(text.matchAll(/'([^']*)'/g), ([, word]) => word!);
}

/** `quietproof inspect`. */
function commandLine(command: Command): string {
  const parent = command.parent === null ? '' : `${commandLine(command.parent)} `;
  return parent + command.name();
}

function usage(command: Command): string {
  return `${commandLine(command)} ${command.usage()}`;
}
