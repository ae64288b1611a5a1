import type { Command } from 'commander';
import type { ContractOptions } from '../compile/quality/contract.ts';
import { parseShare } from './arguments.ts';

/** Options of both `compile` and `inspect`: what the integer model may lose, and on which rows. */
export interface ContractWords {
  readonly test?: string;
  readonly maxFlips?: number;
  readonly maxError?: number;
}

export function addContractOptions(command: Command): Command {
  return command
    .option(
      '--test <data>',
      'held-out rows, to judge by (default: two thirds of the calibration rows, which then do not calibrate)',
    )
    .option(
      '--max-flips <share>',
      'of a label: the largest share of rows that may flip, 95 % sure (default: 0.5%)',
      parseShare,
    )
    .option(
      '--max-error <share>',
      "of logits: the largest error of an output, against the outputs' span (default: 1%)",
      parseShare,
    );
}

export function contractOptions({
  test,
  maxFlips,
  maxError,
}: ContractWords): ContractOptions & { readonly test?: string } {
  return {
    ...(test !== undefined && { test }),
    ...(maxFlips !== undefined && { maxFlips }),
    ...(maxError !== undefined && { maxError }),
  };
}

/** A share as it is written on a command line. */
export function percentage(share: number | undefined): string | undefined {
  return share === undefined ? undefined : `${Number((share * 100).toPrecision(12))}%`;
}
