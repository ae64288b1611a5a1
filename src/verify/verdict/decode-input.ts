import { featuresOf, type PlacedFeature } from '../input/encode-row.ts';
import type { GivenRow, OpenedInput } from '../input/open-input.ts';
import type { InputReading } from '../interface/reading.ts';
import type { Feature, RowDistance } from './verdict-types.ts';

/** The proved input in its own units. If a row was given, also the distance of each of its values. */
export function decodeFeatures(input: InputReading, { values, given }: OpenedInput): Feature[] {
  return featuresOf(input).map((feature, index) => decodeFeature(feature, values[index] as number, given));
}

/** The feature whose given value is farthest from the proved one, in steps; the first of several. */
export function farthest({ given }: OpenedInput): RowDistance | undefined {
  if (given === undefined) return undefined;
  const deviation = given.deviations.reduce((most, own) => Math.max(most, own), 0);
  return { feature: given.deviations.indexOf(deviation), deviation };
}

/**
 * The result of opening an input, as a sentence (SPEC.md, section 17). It never says "exactly", because any row within
 * half a step of each value opens the same proof.
 */
export function distanceSentence(input: InputReading, opened: OpenedInput): string {
  const worst = farthest(opened);
  if (worst === undefined)
    return 'What was proved is what the opening holds; there is no row to compare with it';
  const features = decodeFeatures(input, opened);
  const feature = features[worst.feature];
  const { same, words } = roundingOf(input);
  const rounded = `What was proved is the row you gave${words}`;
  if (feature === undefined || worst.deviation === 0) return `${rounded}; ${same}`;
  const name = feature.name ?? onlyOfPart(feature, features) ?? `feature ${worst.feature}`;
  const unit = feature.unit === undefined ? '' : ` ${feature.unit}`;
  const [distance, step] = [feature.distance, feature.step].map((number) => `${short(number ?? 0)}${unit}`);
  return `${rounded}; farthest: ${name}, ${distance} from it (step ${step})`;
}

/** The name of the part, where a feature is all that it has: then it names the feature. */
export function onlyOfPart({ part }: Feature, features: readonly Feature[]): string | undefined {
  return features.filter((other) => other.part === part).length === 1 ? part : undefined;
}

/** How a row becomes what is proved, and what is so of one that already is. */
function roundingOf(input: InputReading): { readonly words: string; readonly same: string } {
  const rounds = new Set(featuresOf(input).map(({ encoding }) => encoding.rounds));
  if (rounds.has('to-steps')) {
    return { words: ", rounded to the model's steps", same: 'every value lies on a step' };
  }
  if (rounds.has('to-float32')) {
    return { words: ', each number as the nearest float32', same: 'every number is a float32' };
  }
  return { words: '', same: 'no number is rounded' };
}

function decodeFeature(feature: PlacedFeature, integer: number, given: GivenRow | undefined): Feature {
  const { index, encoding, part, name, unit } = feature;
  const value = encoding.decode(integer);
  const step = encoding.step(integer);
  const row = given?.row[index];
  const deviation = given?.deviations[index];
  const measured = typeof row === 'number' && value.kind === 'number';
  return {
    ...(part !== undefined && { part }),
    ...(name !== undefined && { name }),
    ...(unit !== undefined && { unit }),
    value,
    ...(step !== undefined && { step }),
    rounds: encoding.rounds,
    ...(row !== undefined && { given: row }),
    ...(measured && { distance: Math.abs(row - value.number) }),
    ...(deviation !== undefined && { deviation }),
  };
}

function short(number: number): string {
  return String(Number(number.toPrecision(3)));
}
