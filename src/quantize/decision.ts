import { QuietproofError } from '../errors/quietproof-error.ts';
import type { GraphOutput } from '../graph/float-graph.ts';
import type { IntegerNode, Statement } from '../integer/integer-graph.ts';
import { logit } from './logit.ts';
import type { LoweredGraph } from './lower.ts';

/** What the statement says of the output, and how a label is taken from the logits. */
export type Decision =
  | { readonly kind: 'logits' }
  | { readonly kind: 'argmax' }
  /** 1 when the model's own output (a probability, where a sigmoid ends it) is at least `threshold`. */
  | { readonly kind: 'threshold'; readonly threshold: number };

export interface DecisionOptions {
  /** Default: a label where the model is a classifier (several scores, or one behind a sigmoid), else logits. */
  readonly output?: 'logits' | 'label';
  /** Default 0.5 behind a sigmoid; needed where one plain score becomes a label. */
  readonly threshold?: number;
}

/** Chooses what the proof says, and refuses what the model cannot answer. */
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

/** The threshold as a real logit: the sigmoid is monotone, so the integer circuit decides before it. */
export function logitThreshold(output: GraphOutput, threshold: number): number {
  return output.head === 'sigmoid' ? logit(threshold) : threshold;
}

/** Adds the deciding node, and names the public outputs. */
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
