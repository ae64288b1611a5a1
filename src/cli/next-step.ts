import { commandLine } from '../text/command-line.ts';

/** Stands for a file of the user's that this command has not seen. */
export const YOUR_DATA = 'DATA';

/**
 * The last line of a command's text: the command to run next, to be pasted. Words that are undefined are left out, with
 * the option before them.
 */
export function nextStep(command: string, operand: string, options: NextOptions = {}): string {
  const words = Object.entries(options).flatMap(([flag, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [flag] : [flag, String(value)];
  });
  return `→ ${commandLine([command, operandWord(operand), ...words])}`;
}

/** By flag; a flag without a value is true. */
export type NextOptions = Readonly<Record<`--${string}`, string | number | boolean | undefined>>;

/** A path that starts with a dash would be read as an option. */
function operandWord(operand: string): string {
  return operand.startsWith('-') ? `./${operand}` : operand;
}
