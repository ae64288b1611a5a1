import type { Command, Option } from 'commander';

/**
 * Commands that take options from a configuration file. `verify`, `rederive` and `check` are not among them: what they
 * say must depend on nothing but their words. A file found in or above the folder of the proofs may be from whoever
 * made the proofs, and even one that names a model would turn "you did not say which model" into "valid".
 */
const COMMANDS: ReadonlySet<string> = new Set([
  'inspect',
  'compile',
  'setup',
  'contribute',
  'prove',
  'serve',
  'receipt',
  'export',
]);

/** Options, of all commands or of one, that give something up or are about one run: these are said each time. */
const ONLY_WORDS: Readonly<Record<string, string>> = {
  '--force': 'it replaces files',
  '--dev': 'its maker can forge proofs',
  '--skip-check': 'it leaves out a check',
  '--accept-loss': 'it leaves out a check',
  '--clamp-inputs': 'it changes inputs',
  '--context': 'it is about one request',
  '--sign': 'it signs in your name',
  'setup --beacon': 'it ends one ceremony',
  'setup --iterations': 'it belongs to one beacon',
  'setup --name': 'it belongs to one beacon',
  '--dump': 'it is about one run',
  '--json': 'it is about one run',
  '--verbose': 'it is about one run',
  '--timings': 'it is about one run',
  '--config': 'it names the file itself',
  '--help': 'it is about one run',
};

export function isConfigurable(command: string): boolean {
  return COMMANDS.has(command);
}

/** The options that a configuration file may set, by their names without dashes. */
export function configurableOptions(command: Command): Map<string, Option> {
  const options = command.options.filter((option) => whyOnlyWords(command, nameOf(option)) === undefined);
  return new Map(options.map((option) => [nameOf(option), option]));
}

/** Why an option of a command has to be said each time; undefined if it is none of these. */
export function whyOnlyWords(command: Command, name: string): string | undefined {
  return ONLY_WORDS[`--${name}`] ?? ONLY_WORDS[`${command.name()} --${name}`];
}

function nameOf(option: Option): string {
  return option.long!.replace(/^--/, '');
}
