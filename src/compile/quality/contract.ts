import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { GraphOutput } from '../../graph/float-graph.ts';
import type { Decision } from '../../quantize/decision.ts';

/** What a user allows the integer model to lose against the float model, on rows that it was not calibrated on. */
export interface Contract {
  /** Largest share of rows whose label flips, above 0: the upper 95 % bound on it must not be larger. */
  readonly flips: number;
  /** Largest error of an output value, as a share of the span of the float model's outputs. */
  readonly error: number;
}

/** Options of `compile` and `inspect` about the contract. */
export interface ContractOptions {
  /** A share, e.g. 0.005; the default. */
  readonly maxFlips?: number;
  /** A share of the span, e.g. 0.01; the default. */
  readonly maxError?: number;
}

const DEFAULT_FLIPS = 0.005;
const DEFAULT_ERROR = 0.01;

/** @throws QuietproofError QP3101 */
export function contractOf({ maxFlips, maxError }: ContractOptions): Contract {
  const contract = { flips: maxFlips ?? DEFAULT_FLIPS, error: maxError ?? DEFAULT_ERROR };
  if (!(contract.flips > 0 && contract.flips <= 1)) {
    throw new QuietproofError('QP3101', {
      where: `--max-flips ${maxFlips}`,
      fix: 'Give a share above 0, e.g. 0.5%: no number of rows can show that no label ever flips',
    });
  }
  if (!(contract.error >= 0 && contract.error < Infinity)) {
    throw new QuietproofError('QP3101', {
      where: `--max-error ${maxError}`,
      fix: 'Give a share of the span of the outputs, e.g. 1%',
    });
  }
  return contract;
}

/** The part of the contract that decides. The other measure is reported beside it. Both: labels and values are proved. */
export type Judge = 'flips' | 'error' | 'both';

/** A proved label is judged by flips, proved values by their error. */
const JUDGES: { readonly [K in Decision['kind']]: Exclude<Judge, 'both'> } = {
  argmax: 'flips',
  threshold: 'flips',
  logits: 'error',
};

/**
 * What judges a model. A file whose own output is a label has no values to compare with.
 *
 * @param decisions one per output
 */
export function judgeOf(
  decisions: readonly Decision[],
  outputs: readonly Pick<GraphOutput, 'head'>[],
): Judge {
  const judges = new Set(decisions.map((own, k) => outputJudge(own, outputs[k]!.head)));
  const [first, ...others] = judges;
  return others.length === 0 ? first! : 'both';
}

/** What judges one output. */
export function outputJudge({ kind }: Decision, head: GraphOutput['head']): Exclude<Judge, 'both'> {
  return head === 'argmax' ? 'flips' : JUDGES[kind];
}
