import type { Command, Option } from 'commander';
import { configurableOptions, isConfigurable } from './configurable.ts';

/** The JSON schema of configuration files, for editors: what the program's commands and options say of themselves. */
export function configSchema(program: Command): object {
  const commands = program.commands.filter((command) => isConfigurable(command.name()));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'quietproof.config.json: options of quietproof that are said again and again',
    ...objectOf([['$schema', { type: 'string' }], ...commands.map(commandSchema)]),
  };
}

function commandSchema(command: Command): [string, object] {
  const options = [...configurableOptions(command)].map(([name, option]): [string, object] => [
    name,
    { description: option.description, ...valueSchema(option) },
  ]);
  return [command.name(), { description: command.summary(), ...objectOf(options) }];
}

function valueSchema(option: Option): object {
  if (!option.required && !option.optional) return { type: 'boolean' };
  return option.argChoices === undefined ? { type: ['string', 'number'] } : { enum: option.argChoices };
}

function objectOf(properties: readonly (readonly [string, object])[]): object {
  return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false };
}
