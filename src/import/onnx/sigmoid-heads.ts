import { concatViews, type Rearrangement, rearrangeView } from '../rearrange.ts';
import type { TensorView } from '../tensor.ts';
import { FLOAT } from './data-types.ts';
import type { OperatorContext } from './operator.ts';
import type { HeadValue, Value } from './value.ts';

/**
 * Where a file goes on to compute with the result of a Sigmoid only to choose a class, as converters write it: 1 − σ(s) is
 * σ(−s), a part of several sigmoids is the sigmoid of a part, and the largest one belongs to the largest score. So all of
 * it is left out of the proof, as a final Sigmoid is.
 */
type SigmoidHead = HeadValue & { readonly head: 'sigmoid' };

function asSigmoid(value: Value | undefined): SigmoidHead | undefined {
  return value?.kind === 'head' && value.head === 'sigmoid' ? (value as SigmoidHead) : undefined;
}

/** 1 − σ(s). Undefined for any other difference. */
export function complement({ inputs, builder, node }: OperatorContext): HeadValue | undefined {
  const [one, head] = [inputs[0], asSigmoid(inputs[1])];
  const isOne = one?.kind === 'const' && one.tensor.data.length === 1 && one.tensor.data[0] === 1;
  if (!isOne || head === undefined) return undefined;
  const opposite = builder.affine(node, head.logits, { shape: [], data: Float64Array.of(-1) });
  return { ...head, logits: opposite, complements: head.logits.ids };
}

/** Some of the values. Undefined for the result of anything but sigmoids. */
export function partOf({ inputs }: OperatorContext, rearrangement: Rearrangement): HeadValue | undefined {
  const head = asSigmoid(inputs[0]);
  if (head === undefined || rearrangement.index.includes(-1)) return undefined;
  const { complements: _, ...rest } = head;
  const logits = rearrangeView({ ids: head.logits.ids, shape: head.shape }, rearrangement);
  return { ...rest, logits, shape: logits.shape };
}

/** Several together: the probabilities of two classes if they are σ(s) and 1 − σ(s). Undefined if not all are sigmoids. */
export function together(context: OperatorContext): HeadValue | undefined {
  const heads = context.inputs.map(asSigmoid);
  const [first, second] = heads;
  if (first === undefined || !heads.every((head) => head !== undefined)) return undefined;
  if (heads.some(({ shape }) => shape.length !== first.shape.length)) return undefined;
  const axis = context.axis(context.attributes.int('axis', Number.NaN), first.shape.length);
  const isRow = heads.every(({ shape }) => shape.every((size, a) => a === axis || size === 1));
  if (!isRow) return undefined;
  const pair = heads.length === 2 && second !== undefined ? asPair(context, first, second) : undefined;
  if (pair !== undefined) return { ...pair, shape: first.shape.with(axis, 2) };
  const views = heads.map(({ logits, shape }) => ({ ids: logits.ids, shape }));
  const logits = concatViews(views, axis);
  return { ...first, logits, shape: logits.shape };
}

/** σ(s) and σ(−s) are the softmax of s/2 and −s/2. */
function asPair({ builder, node }: OperatorContext, a: SigmoidHead, b: SigmoidHead): HeadValue | undefined {
  const [s, sign] = isComplement(a, b) ? [b, -0.5] : isComplement(b, a) ? [a, 0.5] : [undefined, 0];
  if (s === undefined || s.logits.ids.length !== 1) return undefined;
  const [id] = s.logits.ids;
  const both = { shape: [1, 2], ids: Int32Array.of(id!, id!) };
  const logits = builder.affine(node, both, { shape: [1, 2], data: Float64Array.of(sign, -sign) });
  return { ...s, head: 'softmax', logits };
}

function isComplement({ complements }: HeadValue, { logits: { ids } }: HeadValue): boolean {
  return complements?.length === ids.length && complements.every((id, i) => id === ids[i]);
}

/** From here on, 1 + e^−s is 1 in float32, so that all larger scores have the same sigmoid: 24 · ln 2. */
const SATURATED = 16.635532333438686;

/** ONNX Runtime's Sigmoid takes smaller scores for this one; the sigmoids of classifiers do not. */
const LOWEST = -18;

/** Scores whose largest one, the first of several, is where the largest sigmoid is. */
export function orderOf(
  context: OperatorContext,
  { logits, shape, dataType, node: from }: HeadValue,
): TensorView {
  const { builder, node } = context;
  if (dataType !== FLOAT) throw context.unsupported('after a Sigmoid of another type than float32');
  const view = { ids: logits.ids, shape };
  const min = from.op === 'Sigmoid' ? LOWEST : -Infinity;
  return builder.activation(node, view, { kind: 'clip', min, max: SATURATED });
}
