import { QuietproofError } from '../errors/quietproof-error.ts';
import type { GraphOutput } from '../graph/float-graph.ts';
import type { IntegerNode, Statement } from '../integer/integer-graph.ts';
import { logit } from './logit.ts';
import type { LoweredGraph } from './lower.ts';

/** What the statement says about the output, and how a label follows from the logits. */
export type Decision =
  | { readonly kind: 'logits' }
  | { readonly kind: 'argmax' }
  /** 1 if the model's output (a probability if its head is a sigmoid) is at least `threshold`, else 0. */
  | { readonly kind: 'threshold'; readonly threshold: number };

export interface DecisionOptions {
  /** Default: a label for a classifier (several scores, one sigmoid score, or a threshold given), else logits. */
  readonly output?: 'logits' | 'label';
  /** Default 0.5 for a sigmoid score; required to get a label from one score without a sigmoid. */
  readonly threshold?: number;
}

/**
 * Chooses what the proof states.
 *
 * @throws QuietproofError QP3004 if the model's scores give no label, QP3005 if the threshold cannot be used
 */
export function chooseDecision(output: GraphOutput, options: DecisionOptions): Decision {
  const single = output.values.length === 1;
  const classifier = !single || output.head === 'sigmoid' || options.threshold !== undefined;
  const kind = options.output ?? (classifier ? 'label' : 'logits');
  if (kind === 'logits') {
    if (options.threshold !== undefined) {
      throw new QuietproofError('QP3005', { what: 'A threshold needs --output label' });
    }
    return { kind: 'logits' };
  }
  if (single) return thresholdDecision(output, options.threshold);
  if (options.threshold !== undefined) {
    throw new QuietproofError('QP3005', {
      what: `A threshold needs a single score, and this model has ${output.values.length}`,
      fix: 'Leave --threshold out: the label is the index of the largest score',
    });
  }
  if (output.head === 'sigmoid') {
    throw new QuietproofError('QP3004', {
      what: 'Several sigmoid scores are several labels, not one',
      where: `output "${output.name}"`,
      fix: 'Prove the logits: --output logits',
    });
  }
  return { kind: 'argmax' };
}

function thresholdDecision(output: GraphOutput, given: number | undefined): Decision {
  const threshold = given ?? (output.head === 'sigmoid' ? 0.5 : undefined);
  if (threshold === undefined) {
    throw new QuietproofError('QP3004', { where: `output "${output.name}"`, fix: 'Give --threshold x' });
  }
  const isProbability = output.head === 'sigmoid';
  if (!Number.isFinite(threshold) || (isProbability && (threshold <= 0 || threshold >= 1))) {
    throw new QuietproofError('QP3005', {
      where: `threshold ${threshold}`,
      fix: isProbability ? 'Give a probability between 0 and 1' : 'Give a finite number',
    });
  }
  return { kind: 'threshold', threshold };
}

/** The threshold as a real logit: the sigmoid is monotone, so the circuit compares the logit instead. */
export function logitThreshold(output: GraphOutput, threshold: number): number {
  return output.head === 'sigmoid' ? logit(threshold) : threshold;
}

/** Appends the node that decides the label, if there is one, and makes the statement. */
export function applyDecision(
  lowered: LoweredGraph,
  output: GraphOutput,
  decision: Decision,
  input: Statement['input'],
): { nodes: readonly IntegerNode[]; statement: Statement } {
  if (decision.kind === 'logits') {
    return { nodes: lowered.nodes, statement: { output: 'logits', outputs: lowered.logits, input } };
  }
  const last = lowered.nodes.at(-1)!;
  const base = { name: 'label', origin: [], first: last.first + last.count, count: 1, scale: 1 };
  const node: IntegerNode =
    decision.kind === 'argmax'
      ? { ...base, op: 'argmax', source: lowered.logits }
      : {
          ...base,
          op: 'threshold',
          source: lowered.logits[0]!,
          threshold: Math.ceil(logitThreshold(output, decision.threshold) / lowered.logitScale),
        };
  return {
    nodes: [...lowered.nodes, node],
    statement: { output: 'label', outputs: Int32Array.of(base.first), input },
  };
}
