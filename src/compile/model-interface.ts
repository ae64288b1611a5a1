import {
  type AffineEncodingV2,
  groupOf,
  type InputPart,
  type InterfaceV2,
  type OutputV2,
} from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { FloatGraph, GraphOutput } from '../graph/float-graph.ts';
import type { Bounds } from '../integer/bounds.ts';
import type { IntegerInput } from '../integer/integer-graph.ts';
import type { Card } from '../quantize/card.ts';
import type { Decision } from '../quantize/decision.ts';
import type { QuantizedModel } from '../quantize/quantize.ts';
import { oneOrMany } from './one-or-many.ts';

/** What an interface is made of beside the quantized model. */
export interface InterfaceSource {
  readonly graph: FloatGraph;
  readonly decision: Decision;
  readonly card: Card;
}

/** What a verifier's reader accepts as text, and no more. */
const PRINTABLE = /^[^\p{C}\u2028\u2029]+$/u;
const MAX_TEXT = 1024;

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
    input: { mode: statement.input, parts: [part(input, graph.input.name, card)] },
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

function part(input: IntegerInput, tensor: string, card: Card): InputPart {
  const names = card.features?.map((feature, i) => feature.name ?? `feature ${i}`);
  const units = card.features?.map((feature) => feature.unit ?? '');
  return {
    name: tensor.length <= MAX_TEXT && PRINTABLE.test(tensor) ? tensor : 'input',
    shape: input.shape,
    encoding: affineEncoding(input),
    ...(names !== undefined && { names }),
    ...(units?.some((unit) => unit !== '') && { units }),
  };
}

/** With as few groups as the features' encodings allow: one, one per channel, …, one per feature. */
export function affineEncoding({ shape, offset, step, max }: IntegerInput): AffineEncodingV2 {
  const members = { offset, step, max };
  for (const axes of axesOf(shape)) {
    const group = groupOf(shape, axes);
    const grouped = Object.values(members).map((values) => byGroup(values, group));
    const [ownOffset, ownStep, ownMax] = grouped.map((values) => values && oneOrMany(values));
    if (ownOffset && ownStep && ownMax) {
      const isOne = [ownOffset, ownStep, ownMax].every((own) => typeof own === 'string');
      return { kind: 'affine', axes: isOne ? [] : axes, offset: ownOffset, step: ownStep, max: ownMax };
    }
  }
  throw new RangeError('unreachable: along all axes, every feature is a group');
}

/** Every choice of axes, fewest groups first. */
function axesOf(shape: readonly number[]): number[][] {
  const groups = (axes: readonly number[]) => axes.reduce((product, axis) => product * shape[axis]!, 1);
  return Array.from({ length: 2 ** shape.length }, (_, chosen) =>
    Array.from(shape.keys()).filter((axis) => Math.floor(chosen / 2 ** axis) % 2 === 1),
  ).sort((a, b) => groups(a) - groups(b) || b.length - a.length);
}

/** The value of each group; undefined if a group has several. */
function byGroup(values: Float64Array, group: (feature: number) => number): number[] | undefined {
  const own: number[] = [];
  for (let feature = 0; feature < values.length; feature += 1) {
    const name = group(feature);
    own[name] ??= values[feature]!;
    if (own[name] !== values[feature]) return undefined;
  }
  return own;
}
