import type { DecidedAs } from '../../quantize/stated-as.ts';
import type { AnswerRule } from './answers.ts';

/** How one of a model's outputs is read and judged. */
export interface OutputRule extends AnswerRule {
  /** Logits of the output. */
  readonly count: number;
  readonly proves: DecidedAs;
}

/** The share of one output in the lists that hold all outputs of a row, one after the other. */
export interface Slices {
  readonly rule: OutputRule;
  /** Of the integer or the float graph's logits. */
  readonly logits: (all: Float64Array) => Float64Array;
  /** Of what the float model's file gives: one label where the output ends in an argmax. */
  readonly values: (all: Float64Array) => Float64Array;
}

export function slicesOf(rules: readonly OutputRule[]): Slices[] {
  let [firstLogit, firstValue] = [0, 0];
  return rules.map((rule) => {
    const logits = [firstLogit, firstLogit + rule.count] as const;
    const values = [firstValue, firstValue + (rule.head === 'argmax' ? 1 : rule.count)] as const;
    [firstLogit, firstValue] = [logits[1], values[1]];
    return {
      rule,
      logits: (all) => all.subarray(...logits),
      values: (all) => all.subarray(...values),
    };
  });
}

/** The outputs whose labels count: those whose label is proved, or all that have one if none is. */
export function labelled(slices: readonly Slices[]): Slices[] {
  const having = slices.filter(({ rule }) => rule.decision !== undefined);
  const proved = having.filter(({ rule }) => rule.proves === 'label');
  return proved.length > 0 ? proved : having;
}

/** The outputs whose values count: those that are proved, or all that have values if none is. */
export function valued(slices: readonly Slices[]): Slices[] {
  const having = slices.filter(({ rule }) => rule.head !== 'argmax');
  const proved = having.filter(({ rule }) => rule.proves === 'logits');
  return proved.length > 0 ? proved : having;
}
