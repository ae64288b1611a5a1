import type { OutputV2 } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { FloatGraph, GraphOutput } from '../graph/float-graph.ts';
import type { Bounds } from '../integer/bounds.ts';
import { type AnswerNames, answerNames, type Card } from '../quantize/card.ts';
import type { Decision } from '../quantize/decision.ts';
import type { LoweredOutput } from '../quantize/lower/context.ts';
import type { QuantizedModel } from '../quantize/quantize.ts';
import { distinctNames } from './interface-names.ts';
import { oneOrMany } from './one-or-many.ts';

/** What an interface is made of beside the quantized model. */
export interface InterfaceSource {
  readonly graph: FloatGraph;
  /** One per output of the model. */
  readonly decisions: readonly Decision[];
  readonly card: Card;
}

/** What the proof states of one output of the model. */
interface Stated extends AnswerNames {
  /** Missing where the file has no other output: it is then called by what it is. */
  readonly name?: string;
  readonly logits: LoweredOutput;
  readonly head: GraphOutput['head'];
  readonly decision: Decision;
}

/**
 * The outputs of an interface, in the order of the statement. The scores that a threshold decides are one output each.
 *
 * @throws QuietproofError QP3008 where the one score goes through a softmax
 */
export function outputInterfaces(
  model: QuantizedModel,
  bounds: Bounds,
  { graph, decisions, card }: InterfaceSource,
): OutputV2[] {
  const names = distinctNames(graph.outputs, 'output');
  return graph.outputs.flatMap((output, k) => {
    const name = graph.hasSeveralOutputs ? { name: names[k]! } : {};
    const { head } = output;
    const [logits, decision] = [model.outputs[k]!, decisions[k]!];
    const named = answerNames(card, output.name, graph.outputs.length);
    return outputsOf({ ...name, logits, head, decision, ...named }, bounds);
  });
}

function outputsOf(stated: Stated, bounds: Bounds): OutputV2[] {
  const { name = 'label', logits, decision, classes } = stated;
  const count = logits.logits.length;
  switch (decision.kind) {
    case 'argmax': {
      const names = classes === undefined ? {} : { names: classes };
      return [{ kind: 'label', name, count, rule: { kind: 'argmax' }, ...names }];
    }
    case 'threshold':
      return thresholds(stated, decision.threshold);
    case 'logits':
      return [scores(stated, bounds)];
  }
}

/** A label for each score. A class that a card names is the label 1; 0 is that it is not. */
function thresholds({ name = 'label', logits, head, classes }: Stated, threshold: number): OutputV2[] {
  const rule = {
    kind: 'threshold',
    threshold: String(threshold),
    head: head === 'sigmoid' ? 'sigmoid' : 'none',
  } as const;
  const count = logits.logits.length;
  if (count === 1) {
    const names = classes === undefined ? {} : { names: classes };
    return [{ kind: 'label', name, count: 2, rule, ...names }];
  }
  return Array.from({ length: count }, (_, i) => {
    const own = classes?.[i];
    const names = own === undefined ? {} : { names: [`not ${own}`, own] };
    return { kind: 'label', name: `${name} ${i}`, count: 2, rule, ...names };
  });
}

/** The names of a single score are left out: its output has one. */
function scores(
  { name, logits: { logits, scale: real }, head: final, classes, unit: given }: Stated,
  bounds: Bounds,
): OutputV2 {
  const head = final === 'argmax' ? 'none' : final;
  const lo = Array.from(logits, (id) => bounds.lo[id]!);
  const max = Array.from(logits, (id) => bounds.hi[id]! - bounds.lo[id]!);
  const scale = String(real);
  const unit = given === undefined ? {} : { unit: given };
  if (logits.length > 1) {
    const names = classes === undefined ? {} : { names: classes };
    const ranges = { lo: oneOrMany(lo), max: oneOrMany(max) };
    const count = logits.length;
    return { kind: 'vector', name: name ?? 'scores', count, ...ranges, scale, head, ...names, ...unit };
  }
  if (head === 'softmax') {
    throw new QuietproofError('QP3008', {
      what: 'The output is the softmax of a single score, which is always 1',
      fix: 'Export the model without its last layer',
    });
  }
  const range = { lo: String(lo[0]), max: String(max[0]) };
  return { kind: 'score', name: name ?? 'score', ...range, scale, head, ...unit };
}
