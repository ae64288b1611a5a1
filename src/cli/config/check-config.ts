import type { Command, Option } from 'commander';
import { nearestTo } from '../../text/nearest.ts';
import { configurableOptions, isConfigurable, whyOnlyWords } from './configurable.ts';
import { badConfig, isObject, SHAPE } from './find-config.ts';

/**
 * Checks a whole file, also the commands that do not run now.
 *
 * @throws QuietproofError QP1012 for a key that is no command or option, or a value that the option does not take
 */
export function checkConfig(
  content: Readonly<Record<string, unknown>>,
  program: Command,
  file: string,
): void {
  for (const [name, options] of Object.entries(content)) {
    if (name === '$schema') continue;
    const command = program.commands.find((one) => one.name() === name);
    if (command === undefined || !isConfigurable(name)) throw notACommand(name, program, file);
    if (!isObject(options)) throw badConfig(file, `The options of "${name}" are not an object`, SHAPE);
    for (const [key, value] of Object.entries(options)) checkOption(command, key, value, file);
  }
}

function notACommand(name: string, program: Command, file: string) {
  const known = program.commands.map((command) => command.name());
  if (known.includes(name)) {
    const what = `${name} takes no options from a configuration file`;
    return badConfig(file, what, 'Write them on its command line: what it says must depend on nothing else');
  }
  const near = nearestTo(name, known.filter(isConfigurable));
  return badConfig(
    file,
    `"${name}" is not a command`,
    near === undefined ? SHAPE : `Did you mean "${near}"?`,
  );
}

function checkOption(command: Command, key: string, value: unknown, file: string): void {
  const options = configurableOptions(command);
  const option = options.get(key);
  const place = `${command.name()}.${key}`;
  if (option === undefined) throw notAnOption(command, key, [...options.keys()], file);
  const isFlag = !option.required && !option.optional;
  const fits = isFlag ? typeof value === 'boolean' : typeof value === 'string' || typeof value === 'number';
  if (!fits) throw badConfig(file, `${place} must be ${isFlag ? 'true or false' : 'a text or a number'}`);
  if (!isFlag) parseValue(option, String(value), place, file);
}

function notAnOption(command: Command, key: string, known: readonly string[], file: string) {
  const why = whyOnlyWords(command, key);
  if (why !== undefined) {
    const what = `--${key} has to be said each time, because ${why}`;
    return badConfig(file, what, `Take "${key}" out of "${command.name()}"`);
  }
  const near = nearestTo(key, known);
  const fix = near === undefined ? `Its options here are ${known.join(', ')}` : `Did you mean "${near}"?`;
  return badConfig(file, `"${key}" is not an option of ${command.name()}`, fix);
}

/** The value as the option takes it, from the text that would stand on the command line. */
export function parseValue(option: Option, text: string, place: string, file: string): unknown {
  try {
    return option.parseArg === undefined ? text : option.parseArg(text, undefined);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw badConfig(file, `${place} cannot be "${text}"`, error.message.replace(/\.$/, ''));
  }
}
