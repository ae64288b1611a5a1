import { type Command, Option } from 'commander';
import type { StatementOptions } from '../compile/load-model.ts';
import { parseBits, parseNumber } from './arguments.ts';
import type { OutputOptions } from './shell.ts';

/** What `compile` and `inspect` ask alike: what a proof says, and how finely. */
export interface StatementWords extends OutputOptions {
  readonly output?: 'logits' | 'label';
  readonly threshold?: number;
  readonly input?: 'digest' | 'public';
  readonly bits?: 'auto' | number;
  readonly card?: string;
}

export function addStatementOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--output <what>',
        'what a proof says (default: the label, where the model has one)',
      ).choices(['logits', 'label']),
    )
    .option('--threshold <x>', 'for the label of a single score (default: 0.5 behind a sigmoid)', parseNumber)
    .addOption(
      new Option(
        '--input <mode>',
        'of the input a proof holds a salted digest (default), or all values',
      ).choices(['digest', 'public']),
    )
    .option('--bits <n>', 'bits of weights, input and activations: auto (default), or 2 to 8', parseBits)
    .option('--card <file>', 'class names, feature names, units and input ranges, as JSON');
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
