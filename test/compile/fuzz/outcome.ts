import { QuietproofError } from '../../../src/errors/quietproof-error.ts';

/** What became of a random model. */
export type Outcome =
  /** The integer model keeps the default contract, also on rows that nothing was chosen by. */
  | { readonly kind: 'kept'; readonly reason: string }
  /** A refusal with a code and exit status 2, or a broken contract. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** A wrong import, a model that breaks a contract that it is said to keep, a crash, or an error that is our bug. */
  | { readonly kind: 'failed'; readonly reason: string };

/** A random model, the decisions that made it, and what became of it. */
export type Judged = Outcome & {
  readonly taken: readonly number[];
  readonly operators: readonly string[];
  /** Numbers in a row. */
  readonly count: number;
};

/** Generates a model from a seed or from decisions, and judges it. */
export type Judge = (source: number | readonly number[]) => Promise<Judged>;

/** QP3010 means that ONNX Runtime refuses the model: then the generator is wrong. */
export function asOutcome(thrown: unknown): Outcome {
  if (thrown instanceof QuietproofError && thrown.exit === 2 && thrown.code !== 'QP3010') {
    return { kind: 'refused', reason: thrown.code };
  }
  const reason = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { kind: 'failed', reason };
}
