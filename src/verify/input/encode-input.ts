import type { InputInterface } from '../interface/model-interface.ts';
import { Refusal } from '../refusal.ts';

/** One feature of the input: real = offset + step · integer. */
interface FeatureScale {
  readonly offset: number;
  readonly step: number;
  readonly max: number;
}

/** How many features an input has. */
export function featureCount(input: InputInterface): number {
  return input.shape.reduce((product, size) => product * size, 1);
}

/**
 * The integers a circuit sees for a row of reals: floor((x − offset) / step + 0.5) in doubles, each in [0, max].
 *
 * @param row flat, in the order of the input's shape
 * @returns integers, exact
 * @throws Refusal QP7605, naming the feature
 */
export function encodeInput(input: InputInterface, row: readonly number[]): number[] {
  const count = featureCount(input);
  if (row.length !== count) {
    throw new Refusal('QP7605', { what: `The row has ${row.length} values, and the model takes ${count}` });
  }
  return row.map((x, index) => {
    const { offset, step, max } = featureScale(input, index);
    const integer = Math.floor((x - offset) / step + 0.5);
    // NaN fails both comparisons.
    if (integer >= 0 && integer <= max) return integer;
    const what = `${x} is outside ${offset} to ${offset + step * max}, the range this model was made for`;
    throw new Refusal('QP7605', { what, where: featureName(input, index) });
  });
}

/** The reals that integers stand for: offset + step · integer. */
export function decodeInput(input: InputInterface, integers: readonly number[]): number[] {
  return integers.map((integer, index) => {
    const { offset, step } = featureScale(input, index);
    return offset + step * integer;
  });
}

/** Bits of each value in the digest: 2^bits − 1 = max. */
export function inputWidths(input: InputInterface): number[] {
  const { max } = input.encoding;
  const width = (bound: string) => BigInt(bound).toString(2).length;
  return typeof max === 'string' ? new Array<number>(featureCount(input)).fill(width(max)) : max.map(width);
}

export function featureName(input: InputInterface, index: number): string {
  const name = input.names?.[index];
  return name === undefined ? `feature ${index}` : `feature ${index}, "${name}"`;
}

export function featureScale(input: InputInterface, index: number): FeatureScale {
  const { offset, step, max } = input.encoding;
  return { offset: at(offset, index), step: at(step, index), max: at(max, index) };
}

function at(values: string | readonly string[], index: number): number {
  return Number(typeof values === 'string' ? values : values[index]);
}
