import type { InputMode, OutputKind } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { GraphOutput } from '../graph/float-graph.ts';
import { roundsToAtLeast } from '../graph/float-precision.ts';
import type { IntegerNode, StatedOutput, Statement } from '../integer/integer-graph.ts';
import { logit } from './logit.ts';
import type { LoweredGraph } from './lower/context.ts';
import { STATED_AS } from './stated-as.ts';

/** What the statement says about the output, and how a label follows from the logits. */
export type Decision =
  | { readonly kind: Exclude<OutputKind, 'threshold'> }
  /** 1 if the model's output (a probability if its head is a sigmoid) is at least `threshold`, else 0. */
  | { readonly kind: 'threshold'; readonly threshold: number };

export interface DecisionOptions {
  /** Default: a label for a classifier (several scores, one sigmoid score, or a threshold given), else logits. */
  readonly output?: StatedOutput;
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

/**
 * The smallest probability, and the smallest distance from 1, at which runtimes agree on a threshold. They compute the
 * sigmoid in float32 with an error of 1e-7, which is a hundredth of a logit here and more than half of one at 1e-7.
 */
const SHARPEST = 1e-5;

function argmaxDecision(output: GraphOutput, options: DecisionOptions): Decision {
  if (options.threshold !== undefined) {
    throw new QuietproofError('QP3005', {
      what: `A threshold needs a single score, but this model has ${output.values.length}`,
      fix: 'Leave --threshold out: the label is the index of the largest score',
    });
  }
  if (output.head === 'sigmoid') {
    throw new QuietproofError('QP3004', {
      what: 'Several sigmoid scores give several labels, not one',
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
  const isSharp = threshold >= SHARPEST && threshold <= 1 - SHARPEST;
  if (!Number.isFinite(threshold) || (isProbability && !isSharp)) {
    throw new QuietproofError('QP3005', {
      where: `threshold ${threshold}`,
      fix: isProbability
        ? `Give a probability from ${SHARPEST} to ${1 - SHARPEST}: closer to 0 or 1, runtimes' sigmoids differ`
        : 'Give a finite number',
    });
  }
  return { kind: 'threshold', threshold };
}

/**
 * The threshold as a real logit: the sigmoid is monotone, so the circuit compares the logit instead. The file compares in
 * its own format, where a score passes if it rounds to a number that is at least the threshold; sigmoid(−1e-8) is 0.5 in
 * float32. So this is the smallest real logit that rounds to one whose sigmoid rounds to a passing score.
 */
export function logitThreshold(output: ScoreFormat, threshold: number): number {
  const precision = output.precision ?? 'float32';
  const score = roundsToAtLeast(precision, threshold);
  return output.head === 'sigmoid' ? roundsToAtLeast(precision, logit(score)) : score;
}

/** How a file computes its score. */
export type ScoreFormat = Pick<GraphOutput, 'head' | 'precision'>;

/** Appends the node that decides the label, if there is one, and makes the statement. */
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
      // + 0 turns −0 into 0.
      const threshold = Math.ceil(logitThreshold(output, decision.threshold) / logitScale) + 0;
      return decidedBy({ ...base, op: 'threshold', source: logits[0]!, threshold });
    }
  }
}

/** The number of answers that a card can name: classes, or 0 and 1 if a threshold decides. */
export function answerCount(output: GraphOutput, decision: Decision): number {
  switch (decision.kind) {
    case 'logits':
    case 'argmax':
      return output.values.length;
    case 'threshold':
      return 2;
  }
}

/** The threshold that turns a single score into a label, even if only logits are stated; undefined if there is none. */
export function labelThreshold(output: GraphOutput, decision: Decision): number | undefined {
  switch (decision.kind) {
    case 'threshold':
      return decision.threshold;
    case 'logits':
    case 'argmax':
      return output.head === 'sigmoid' ? 0.5 : undefined;
  }
}
