import { type AffineEncodingV2, groupOf, type InputPart, type IntegerEncoding } from '@quietproof/verify';
import type { CodedFeatures, CompiledEncoding } from '../artifact/artifact-manifest.ts';
import type { InputTensor } from '../graph/float-graph.ts';
import { type CodingRun, codingRuns, isAffine } from '../integer/coding-runs.ts';
import type { CodingOf, FeatureCoding, IntegerInput } from '../integer/integer-graph.ts';
import type { Card } from '../quantize/card.ts';
import { distinctNames, MAX_TEXT } from './interface-names.ts';
import { oneOrMany } from './one-or-many.ts';

/** The parts of the input: those of the model's inputs, in the order of the file. */
export function inputParts(input: IntegerInput, tensors: readonly InputTensor[], card: Card): InputPart[] {
  const names = distinctNames(tensors, 'input');
  let first = 0;
  return tensors.flatMap((tensor, k) => {
    const end = first + tensor.count;
    const own = {
      codings: input.codings.slice(first, end),
      max: input.max.subarray(first, end),
      features: card.features?.slice(first, end),
    };
    first = end;
    return partsOf(names[k]!, tensor, own);
  });
}

interface TensorCoding extends Pick<IntegerInput, 'codings' | 'max'> {
  readonly features: Card['features'];
}

/** One part that keeps its shape if all features have one kind of encoding, else one per run. */
function partsOf(name: string, tensor: InputTensor, { codings, max, features }: TensorCoding): InputPart[] {
  const names = features?.map((feature, i) => feature.name ?? `feature ${i}`);
  const units = features?.map((feature) => feature.unit ?? '');
  const runs = codedParts({ shape: tensor.shape, codings, max });
  return runs.map(({ first, shape, encoding, count }, k): InputPart => {
    const own = <T>(list: readonly T[] | undefined) => list?.slice(first, first + count);
    const [ownNames, ownUnits] = [own(names), own(units)];
    return {
      name: runs.length === 1 ? name : `${name.slice(0, MAX_TEXT - SUFFIX)} ${k + 1}`,
      shape,
      encoding: tensor.values.kind === 'real' ? encoding : (asInteger(encoding) ?? encoding),
      ...(ownNames !== undefined && { names: ownNames }),
      ...(ownUnits?.some((unit) => unit !== '') && { units: ownUnits }),
    };
  });
}

/** The encoding that refuses all but integers, where the steps are 1. */
function asInteger(encoding: CompiledEncoding): IntegerEncoding | undefined {
  if (encoding.kind !== 'affine' || encoding.nan !== undefined) return undefined;
  const { axes, offset, step, max } = encoding;
  const isWhole = [step].flat().every((own) => own === '1') && [offset].flat().every(isInteger);
  return isWhole ? { kind: 'integer', axes, lo: offset, max } : undefined;
}

const isInteger = (text: string): boolean => Number.isSafeInteger(Number(text));

/** Room for a part's number, at most 1024. */
const SUFFIX = 5;

/** Consecutive features with one encoding. */
interface CodedPart extends CodedFeatures {
  readonly first: number;
  readonly shape: readonly number[];
}

export function codedParts({
  shape,
  codings,
  max,
}: Pick<IntegerInput, 'shape' | 'codings' | 'max'>): CodedPart[] {
  const runs = codingRuns(codings);
  return runs.map(({ first, codings: own }: CodingRun) => {
    const count = own.length;
    const ownShape = runs.length === 1 ? shape : [count];
    return {
      first,
      count,
      shape: ownShape,
      encoding: encodingOf(ownShape, own, max.subarray(first, first + count)),
    };
  });
}

function encodingOf(
  shape: readonly number[],
  codings: readonly FeatureCoding[],
  max: Float64Array,
): CompiledEncoding {
  if (isAffine(codings)) return affineEncoding(shape, codings, max);
  const first = codings[0] as CodingOf<'rank32' | 'category'>;
  if (first.kind === 'rank32') return { kind: first.kind, nan: first.nan };
  return { kind: first.kind, values: first.values, unknown: first.unknown };
}

/** With as few groups as the features' encodings allow: one, one per channel, …, one per feature. */
function affineEncoding(
  shape: readonly number[],
  codings: readonly CodingOf<'affine'>[],
  max: Float64Array,
): AffineEncodingV2 {
  const members = {
    offset: Float64Array.from(codings, ({ offset }) => offset),
    step: Float64Array.from(codings, ({ step }) => step),
    max,
  };
  for (const axes of axesOf(shape)) {
    const group = groupOf(shape, axes);
    const grouped = Object.values(members).map((values) => byGroup(values, group));
    const [ownOffset, ownStep, ownMax] = grouped.map((values) => values && oneOrMany(values));
    if (ownOffset && ownStep && ownMax) {
      const isOne = [ownOffset, ownStep, ownMax].every((own) => typeof own === 'string');
      const nan = codings[0]!.nan;
      return {
        ...{ kind: 'affine', axes: isOne ? [] : axes, offset: ownOffset, step: ownStep, max: ownMax },
        ...(nan !== undefined && { nan }),
      };
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
