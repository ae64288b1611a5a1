import type { InputMode, OutputKind } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { GraphOutput } from '../graph/float-graph.ts';
import type { IntegerNode, StatedOutput, Statement } from '../integer/integer-graph.ts';
import { logit } from './logit.ts';
import type { LoweredGraph } from './lower.ts';
import { STATED_AS } from './stated-as.ts';

/** What the statement says of the output, and how a label is taken from the logits. */
export type Decision =
  | { readonly kind: Exclude<OutputKind, 'threshold'> }
  /** 1 when the model's own output (a probability, where a sigmoid ends it) is at least `threshold`. */
  | { readonly kind: 'threshold'; readonly threshold: number };

export interface DecisionOptions {
  /** Default: a label where the model is a classifier (several scores, or one behind a sigmoid), else logits. */
  readonly output?: StatedOutput;
  /** Default 0.5 behind a sigmoid; needed where one plain score becomes a label. */
  readonly threshold?: number;
}

/** Chooses what the proof says, and refuses what the model cannot answer. */
export function chooseDecision(output: GraphOutput, options: DecisionOptions): Decision {
  const single = output.values.length === 1;
  const classifier = !single || output.head === 'sigmoid' || options.threshold !== undefined;
  const stated = options.output ?? (classifier ? 'label' : 'logits');
  switch (stated) {
    case 'logits':
      if (options.threshold !== undefined) {
        throw new QuietproofError('QP3005', { what: 'A threshold needs --output label' });
      }
      return { kind: 'logits' };
    case 'label':
      return single ? thresholdDecision(output, options.threshold) : argmaxDecision(output, options);
  }
}

function argmaxDecision(output: GraphOutput, options: DecisionOptions): Decision {
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
  input: InputMode,
): { nodes: readonly IntegerNode[]; statement: Statement } {
  const { nodes, logits, logitScale } = lowered;
  const stated = STATED_AS[decision.kind];
  const last = nodes.at(-1)!;
  const base = { name: 'label', origin: [], first: last.first + last.count, count: 1, scale: 1 };
  const decidedBy = (node: IntegerNode) => ({
    nodes: [...nodes, node],
    statement: { output: stated, outputs: Int32Array.of(base.first), input },
  });
  switch (decision.kind) {
    case 'logits':
      return { nodes, statement: { output: stated, outputs: logits, input } };
    case 'argmax':
      return decidedBy({ ...base, op: 'argmax', source: logits });
    case 'threshold': {
      const threshold = Math.ceil(logitThreshold(output, decision.threshold) / logitScale);
      return decidedBy({ ...base, op: 'threshold', source: logits[0]!, threshold });
    }
  }
}

/** How many different answers there are, each with a name where the card has names. */
export function answerCount(output: GraphOutput, decision: Decision): number {
  switch (decision.kind) {
    case 'logits':
    case 'argmax':
      return output.values.length;
    case 'threshold':
      return 2;
  }
}

/** The threshold by which a single score becomes a label, also where only the logits are stated; else undefined. */
export function labelThreshold(output: GraphOutput, decision: Decision): number | undefined {
  switch (decision.kind) {
    case 'threshold':
      return decision.threshold;
    case 'logits':
    case 'argmax':
      return output.head === 'sigmoid' ? 0.5 : undefined;
  }
}
