import type { Command, Option } from 'commander';
import { placeholderOf } from '../paths/placed-words.ts';
import { isPathPlaceholder, PATH_PLACEHOLDERS, type PathUse } from '../paths/placeholders.ts';

/** How a shell completes a word. */
export type Completer =
  | { readonly kind: 'choices'; readonly words: readonly string[] }
  /** Folders too, since files are in folders. No extensions: any file. */
  | { readonly kind: 'files'; readonly extensions: readonly string[] }
  | { readonly kind: 'folders' }
  /** Only the user knows it. */
  | { readonly kind: 'unknown' };

export interface DescribedOption {
  /** `--out`. */
  readonly long: string;
  readonly short?: string;
  readonly text: string;
  /** Undefined for a flag. */
  readonly value?: Completer;
}

export interface DescribedCommand {
  readonly name: string;
  readonly text: string;
  /** Of the first operand, and of all others. */
  readonly operand?: Completer;
  readonly options: readonly DescribedOption[];
  /** Of a command with commands of its own. */
  readonly commands: readonly DescribedCommand[];
}

/** What the completions of all shells are written from: nothing is said twice. */
export function describeProgram(program: Command): DescribedCommand {
  const operand = program.registeredArguments[0];
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  return {
    name: program.name(),
    text: oneLine(program.summary() || program.description()),
    ...(operand !== undefined && {
      operand: operand.argChoices === undefined ? completerOf(operand.name()) : choices(operand.argChoices),
    }),
    options: help.visibleOptions(program).map(describeOption),
    commands: commands.filter((command) => command.name() !== 'help').map(describeProgram),
  };
}

/** Commands and their own commands, in one list, under their whole names: `bundle pack`. */
export function withPaths(commands: readonly DescribedCommand[], before = ''): DescribedCommand[] {
  return commands.flatMap((command) => {
    const name = before + command.name;
    return [{ ...command, name }, ...withPaths(command.commands, `${name} `)];
  });
}

function describeOption(option: Option): DescribedOption {
  const placeholder = placeholderOf(option);
  return {
    long: option.long!,
    ...(option.short !== undefined && { short: option.short }),
    text: oneLine(option.description),
    ...(placeholder !== undefined && {
      value: option.argChoices === undefined ? completerOf(placeholder) : choices(option.argChoices),
    }),
  };
}

function choices(words: readonly string[]): Completer {
  return { kind: 'choices', words };
}

function completerOf(placeholder: string): Completer {
  if (!isPathPlaceholder(placeholder)) return { kind: 'unknown' };
  const use: PathUse = PATH_PLACEHOLDERS[placeholder];
  if ('writes' in use)
    return use.writes === 'folder' ? { kind: 'folders' } : { kind: 'files', extensions: [] };
  return use.reads === 'folder' ? { kind: 'folders' } : { kind: 'files', extensions: use.extensions ?? [] };
}

/** Descriptions stand in quoted strings of shells. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
