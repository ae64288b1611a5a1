import type { Command, Option } from 'commander';

/** The words given for one argument or option. */
export interface PlacedWords {
  /** What the help writes between angle brackets: `data`. */
  readonly placeholder: string;
  readonly values: readonly string[];
}

/** The words that a parsed command was given, with what each stands for. */
export function placedWords(command: Command): PlacedWords[] {
  const operands = command.registeredArguments.map((argument, index) => ({
    placeholder: argument.name(),
    values: textsOf(command.processedArgs[index]),
  }));
  const options = command.options.map((option) => ({
    placeholder: placeholderOf(option) ?? '',
    values: textsOf(command.getOptionValue(option.attributeName())),
  }));
  return [...operands, ...options];
}

/** `data` for `--inputs <data>`; undefined for a flag. */
export function placeholderOf(option: Option): string | undefined {
  return /[<[]([^>\]]*?)(?:\.\.\.)?[>\]]/.exec(option.flags)?.[1];
}

function textsOf(value: unknown): string[] {
  return [value].flat().filter((item) => typeof item === 'string');
}
