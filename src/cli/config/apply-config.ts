import path from 'node:path';
import type { Command, Option } from 'commander';
import { noSuchPath } from '../paths/missing-path.ts';
import { placeholderOf } from '../paths/placed-words.ts';
import { isPathPlaceholder } from '../paths/placeholders.ts';
import { checkConfig, parseValue } from './check-config.ts';
import { configurableOptions, isConfigurable } from './configurable.ts';
import { CONFIG_FILE, findConfig, isObject, readConfig } from './find-config.ts';

/** What a command took from a configuration file. */
export interface AppliedConfig {
  readonly file: string;
  readonly options: readonly string[];
}

/**
 * Sets the options of the command that will run from the configuration file, before the words are parsed: the words
 * win. Paths in the file are relative to its folder.
 *
 * @param whole the program with all commands, all of whose options in the file are checked
 * @throws QuietproofError QP1002, QP1012
 */
export async function applyConfig(
  program: Command,
  words: readonly string[],
  whole: () => Promise<Command>,
): Promise<AppliedConfig | undefined> {
  const name = words.find((word) => !word.startsWith('-'));
  const command = program.commands.find((one) => one.name() === name);
  if (command === undefined || !isConfigurable(command.name()) || words.includes('--help')) return undefined;
  const file = givenFile(words) ?? (await findConfig(process.cwd()));
  if (file === undefined) return undefined;
  const content = await readConfig(file).catch(async (error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? await noSuchPath(file) : error;
  });
  checkConfig(content, await whole(), file);
  const section = content[command.name()];
  if (!isObject(section)) return { file, options: [] };
  const given = command.options.filter((option) => isGiven(option, words));
  const taken = Object.entries(section).filter(([key, value]) => {
    const option = configurableOptions(command).get(key)!;
    if (value === false || given.includes(option) || conflicts(option, given)) return false;
    setOption(command, option, value, file);
    return true;
  });
  return { file, options: taken.map(([key]) => key) };
}

/** The value of `--config`. */
function givenFile(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === '--config' || word.startsWith('--config='));
  if (at === -1) return undefined;
  const word = words[at]!;
  return word === '--config' ? words[at + 1] : word.slice('--config='.length);
}

function isGiven({ long }: Option, words: readonly string[]): boolean {
  return words.some((word) => word === long || word.startsWith(`${long}=`));
}

/** `setup --dev` goes before a phase-1 file in the configuration. */
function conflicts(option: Option, given: readonly Option[]): boolean {
  const excludes = (a: Option, b: Option) => conflictsOf(a).includes(b.attributeName());
  return given.some((other) => excludes(option, other) || excludes(other, option));
}

/** commander's types leave it out. */
function conflictsOf(option: Option): readonly string[] {
  return (option as Option & { readonly conflictsWith: readonly string[] }).conflictsWith;
}

function setOption(command: Command, option: Option, value: unknown, file: string): void {
  const isPath = isPathPlaceholder(placeholderOf(option) ?? '');
  const text = isPath ? fromHere(file, String(value)) : String(value);
  const parsed = value === true ? true : parseValue(option, text, option.long!, file);
  command.setOptionValueWithSource(option.attributeName(), parsed, CONFIG_FILE);
}

/** A path in the file's folder, as the command line would name it from the working directory. */
function fromHere(file: string, place: string): string {
  const full = path.resolve(path.dirname(file), place);
  return path.isAbsolute(place) ? place : path.relative(process.cwd(), full) || '.';
}
