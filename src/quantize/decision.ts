import type { InputMode, OutputKind } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { GraphOutput } from '../graph/float-graph.ts';
import { roundsToAtLeast } from '../graph/float-precision.ts';
import type { Argmax, IntegerNode, StatedOutput, Statement, Threshold } from '../integer/integer-graph.ts';
import { logit } from './logit.ts';
import type { LoweredGraph, LoweredOutput } from './lower/context.ts';
import { type DecidedAs, STATED_AS } from './stated-as.ts';

/** What the statement says about the output, and how a label follows from the logits. */
export type Decision =
  | { readonly kind: Exclude<OutputKind, 'threshold'> }
  /** Each score: 1 if the model's output (a probability if its head is a sigmoid) is at least `threshold`, else 0. */
  | { readonly kind: 'threshold'; readonly threshold: number };

export interface DecisionOptions {
  /** Default: a label for a classifier (several scores, sigmoid scores, or a threshold given), else logits. */
  readonly output?: DecidedAs;
  /** Default 0.5 for sigmoid scores; required to get a label from one score without a sigmoid. */
  readonly threshold?: number;
}

/**
 * Chooses what the proof states of an output. Several sigmoid scores give a label each.
 *
 * @throws QuietproofError QP3004 if the output's scores give no label, QP3005 if the threshold cannot be used
 */
export function chooseDecision(output: GraphOutput, options: DecisionOptions): Decision {
  const byThreshold = output.values.length === 1 || output.head === 'sigmoid';
  const classifier = !byThreshold || output.head === 'sigmoid' || options.threshold !== undefined;
  const stated = options.output ?? (classifier ? 'label' : 'logits');
  switch (stated) {
    case 'logits':
      if (options.threshold !== undefined) {
        throw new QuietproofError('QP3005', { what: 'A threshold needs --output label' });
      }
      return { kind: 'logits' };
    case 'label':
      return byThreshold ? thresholdDecision(output, options.threshold) : argmaxDecision(output, options);
  }
}

/** What a verifier reads at most. */
const MOST_LABELS = 1024;

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
  return { kind: 'argmax' };
}

function thresholdDecision(output: GraphOutput, given: number | undefined): Decision {
  if (output.values.length > MOST_LABELS) {
    throw new QuietproofError('QP3004', {
      what: `${output.values.length} sigmoid scores are more labels than the ${MOST_LABELS} that a proof can state`,
      where: `output "${output.name}"`,
      fix: 'Prove the logits: --output logits',
    });
  }
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

/** Appends the nodes that decide labels, and makes the statement. @param decisions one per output */
export function applyDecisions(
  lowered: LoweredGraph,
  outputs: readonly GraphOutput[],
  decisions: readonly Decision[],
  input: InputMode,
): { nodes: readonly IntegerNode[]; statement: Statement } {
  const nodes = [...lowered.nodes];
  const last = nodes.at(-1);
  let next = last === undefined ? lowered.input.count : last.first + last.count;
  const decided = (name: string, node: OwnNode): number => {
    nodes.push({ ...node, name, origin: [], first: next, count: 1, scale: 1 });
    next += 1;
    return next - 1;
  };
  const statedOf = (output: GraphOutput, { logits, scale }: LoweredOutput, decision: Decision): number[] => {
    const name = outputs.length === 1 ? 'label' : `${output.name}/label`;
    switch (decision.kind) {
      case 'logits':
        return Array.from(logits);
      case 'argmax':
        return [decided(name, { op: 'argmax', source: logits })];
      case 'threshold': {
        // + 0 turns −0 into 0.
        const threshold = Math.ceil(logitThreshold(output, decision.threshold) / scale) + 0;
        const own = (i: number) => (logits.length === 1 ? name : `${name} ${i}`);
        return Array.from(logits, (source, i) => decided(own(i), { op: 'threshold', source, threshold }));
      }
    }
  };
  const stated = outputs.flatMap((output, k) => statedOf(output, lowered.outputs[k]!, decisions[k]!));
  return { nodes, statement: { output: statedAs(decisions), outputs: Int32Array.from(stated), input } };
}

type OwnNode = Pick<Argmax, 'op' | 'source'> | Pick<Threshold, 'op' | 'source' | 'threshold'>;

/** What all outputs are, or that they are not the same. */
function statedAs(decisions: readonly Decision[]): StatedOutput {
  const [first, ...others] = new Set(decisions.map(({ kind }) => STATED_AS[kind]));
  return others.length === 0 && first !== undefined ? first : 'mixed';
}

/** The number of answers that a card can name: classes, 0 and 1 if a threshold decides, or the labels of several scores. */
export function answerCount(output: GraphOutput, decision: Decision): number {
  const scores = output.values.length;
  switch (decision.kind) {
    case 'logits':
    case 'argmax':
      return scores;
    case 'threshold':
      return scores === 1 ? 2 : scores;
  }
}

/** The threshold that turns scores into labels, even if only logits are stated; undefined if there is none. */
export function labelThreshold(output: GraphOutput, decision: Decision): number | undefined {
  switch (decision.kind) {
    case 'threshold':
      return decision.threshold;
    case 'logits':
    case 'argmax':
      return output.head === 'sigmoid' && output.values.length === 1 ? 0.5 : undefined;
  }
}
