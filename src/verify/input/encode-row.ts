import type { EncodedValue, FeatureEncoding, RowValue } from '../encoding/feature-encoding.ts';
import type { InputReading } from '../interface/reading.ts';
import { Refusal } from '../refusal.ts';

/** One feature of an input, with its index among all features. */
export interface PlacedFeature {
  readonly index: number;
  readonly encoding: FeatureEncoding;
  readonly part?: string;
  readonly name?: string;
  readonly unit?: string;
}

/** How many features an input has. */
export function featureCount({ parts }: InputReading): number {
  return parts.reduce((total, { count }) => total + count, 0);
}

/**
 * All features in order.
 *
 * @param input of version 1: the caller must first bound its number of features, e.g. by the length of a row
 */
export function featuresOf({ parts }: InputReading): PlacedFeature[] {
  const features: PlacedFeature[] = [];
  for (const part of parts) {
    for (let i = 0; i < part.count; i += 1) {
      const [name, unit] = [part.names?.[i], part.units?.[i]];
      features.push({
        index: features.length,
        encoding: part.encodingOf(i),
        ...(part.name !== undefined && { part: part.name }),
        ...(name !== undefined && { name }),
        ...(unit !== undefined && { unit }),
      });
    }
  }
  return features;
}

/**
 * The integers that the circuit sees for a row, each with its distance from the given value.
 *
 * @param row flat: the features of each part in row-major order, one part after the other
 * @throws Refusal QP7605, naming the feature
 */
export function encodeRow(input: InputReading, row: readonly RowValue[]): EncodedValue[] {
  const features = featuresOfRow(input, row.length);
  return features.map((feature) => onFeature(feature, () => feature.encoding.encode(at(row, feature.index))));
}

/** A row from the texts of an opening. @throws Refusal QP7605, naming the feature */
export function parseRow(input: InputReading, texts: readonly string[]): RowValue[] {
  const features = featuresOfRow(input, texts.length);
  return features.map((feature) =>
    onFeature(feature, () => feature.encoding.parse(at(texts, feature.index))),
  );
}

/** Bits per value in the input digest. */
export function inputWidths(input: InputReading): number[] {
  return featuresOf(input).map(({ encoding }) => BigInt(encoding.max).toString(2).length);
}

/** For messages. */
export function featureName({ index, name, part }: PlacedFeature): string {
  if (name !== undefined) return `feature ${index}, "${name}"`;
  return part === undefined ? `feature ${index}` : `feature ${index}, of "${part}"`;
}

/** Compares the count first, so that a hostile interface cannot force a large allocation. */
function featuresOfRow(input: InputReading, length: number): PlacedFeature[] {
  const count = featureCount(input);
  if (length === count) return featuresOf(input);
  throw new Refusal('QP7605', { what: `The row has ${length} values, but the model takes ${count}` });
}

function onFeature<T>(feature: PlacedFeature, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.code, { what: error.what, where: featureName(feature) });
  }
}

function at<T>(items: readonly T[], index: number): T {
  return items[index] as T;
}
