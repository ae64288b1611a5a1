import type { InterfaceV2, OutputV2 } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { FloatGraph, GraphOutput } from '../graph/float-graph.ts';
import type { Bounds } from '../integer/bounds.ts';
import type { Card } from '../quantize/card.ts';
import type { Decision } from '../quantize/decision.ts';
import type { QuantizedModel } from '../quantize/quantize.ts';
import { inputParts } from './input-parts.ts';
import { oneOrMany } from './one-or-many.ts';

/** What an interface is made of beside the quantized model. */
export interface InterfaceSource {
  readonly graph: FloatGraph;
  readonly decision: Decision;
  readonly card: Card;
}

/**
 * The interface of a quantized model: signal order, ranges, scales and names, as verifiers read it.
 *
 * @throws QuietproofError QP3008 where the one score goes through a softmax
 */
export function modelInterface(
  model: QuantizedModel,
  bounds: Bounds,
  { graph, decision, card }: InterfaceSource,
): InterfaceV2 {
  const { input, statement } = model.graph;
  return {
    version: 'quietproof/interface/v2',
    name: model.name,
    weights: { kind: 'constants' },
    outputs: [output(model, bounds, graph.output.head, decision, card)],
    input: { mode: statement.input, parts: inputParts(input, graph.input.name, card) },
  };
}

function output(
  model: QuantizedModel,
  bounds: Bounds,
  head: GraphOutput['head'],
  decision: Decision,
  card: Card,
): OutputV2 {
  switch (decision.kind) {
    case 'argmax': {
      const names = card.classes === undefined ? {} : { names: card.classes };
      return { kind: 'label', name: 'label', count: model.logits.length, rule: { kind: 'argmax' }, ...names };
    }
    case 'threshold': {
      const [zero, one] = card.classes ?? [];
      return {
        kind: 'label',
        name: 'label',
        count: 2,
        rule: {
          kind: 'threshold',
          threshold: String(decision.threshold),
          head: head === 'sigmoid' ? 'sigmoid' : 'none',
        },
        ...(zero !== undefined && one !== undefined && { names: [zero, one] }),
      };
    }
    case 'logits':
      return scores(model, bounds, head === 'argmax' ? 'none' : head, card);
  }
}

/** The names of a single score are left out: its output has one. */
function scores(
  { logits, logitScale }: QuantizedModel,
  bounds: Bounds,
  head: 'none' | 'sigmoid' | 'softmax',
  card: Card,
): OutputV2 {
  const lo = Array.from(logits, (id) => bounds.lo[id]!);
  const max = Array.from(logits, (id) => bounds.hi[id]! - bounds.lo[id]!);
  const scale = String(logitScale);
  const unit = card.unit === undefined ? {} : { unit: card.unit };
  if (logits.length > 1) {
    const names = card.classes === undefined ? {} : { names: card.classes };
    const ranges = { lo: oneOrMany(lo), max: oneOrMany(max) };
    return {
      kind: 'vector',
      name: 'scores',
      count: logits.length,
      ...ranges,
      scale,
      head,
      ...names,
      ...unit,
    };
  }
  if (head === 'softmax') {
    throw new QuietproofError('QP3008', {
      what: 'The output is the softmax of a single score, which is always 1',
      fix: 'Export the model without its last layer',
    });
  }
  return { kind: 'score', name: 'score', lo: String(lo[0]), max: String(max[0]), scale, head, ...unit };
}
