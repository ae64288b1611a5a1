import { INPUT_MODE_NAMES, type InputMode } from '@quietproof/verify';
import { type Command, Option } from 'commander';
import type { StatementOptions } from '../compile/load-model.ts';
import { parseBits, parseNumber } from './arguments.ts';
import type { OutputOptions } from './shell.ts';

/** Options of both `compile` and `inspect`: what a proof states, and its precision. */
export interface StatementWords extends OutputOptions {
  readonly output?: string;
  readonly threshold?: number;
  readonly input?: InputMode;
  readonly bits?: 'auto' | number;
  readonly card?: string;
}

export function addStatementOptions(command: Command): Command {
  return command
    .option(
      '--output <what>',
      'what a proof states: label (default, if the model has one), logits, or names of outputs: a=label,b=logits',
    )
    .option(
      '--threshold <x>',
      'threshold for the labels of single scores and sigmoids (default: 0.5 after a sigmoid)',
      parseNumber,
    )
    .addOption(
      new Option(
        '--input <mode>',
        'what a proof holds of the input: a salted digest (default), or all values',
      ).choices(INPUT_MODE_NAMES),
    )
    .option('--bits <n>', 'bits of weights, input and activations: auto (default), or 3 to 16', parseBits)
    .option('--card <card>', 'class names, feature names, units and input ranges, as JSON');
}

export function statementOptions({ output, threshold, input, bits, card }: StatementWords): StatementOptions {
  return {
    ...(output !== undefined && { output }),
    ...(threshold !== undefined && { threshold }),
    ...(input !== undefined && { input }),
    ...(bits !== undefined && { bits }),
    ...(card !== undefined && { card }),
  };
}
