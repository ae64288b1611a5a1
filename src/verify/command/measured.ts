import type { Feature, FeatureValue, Quality, Verdict } from '../index.ts';
import { plural } from './words.ts';

/** What the producer measured, in a line: `judged on 1000 rows: 3 label flips (at most 0.9 % of all rows, 95 % sure)`. */
export function describeQuality(quality: Quality): string {
  const rows = plural(quality.rows, 'row');
  if (quality.kind === 'not-judged') return `not judged, ${rows} compared`;
  const { kind, flips, error } = quality;
  const found = [
    flips && `${plural(flips.count, 'label flip')} (at most ${percent(flips.upper)} of all rows, 95 % sure)`,
    error && `largest error ${percent(error)} of the span`,
  ].filter((part) => part !== undefined);
  return `${kind === 'judged' ? 'judged' : 'loss accepted,'} on ${rows}: ${found.join(', ')}`;
}

/** Where the given row is farthest from what was proved; undefined where no row was given. */
export function describeDistance({ distance, features }: Verdict): string | undefined {
  const feature = distance && features?.[distance.feature];
  if (distance === undefined || feature === undefined) return undefined;
  const { given, value } = feature;
  const steps = Number(distance.deviation.toPrecision(2));
  const where = `${nameOf(feature, distance.feature)} was given as ${given}, proved is ${shown(value)}`;
  return steps === 0
    ? 'every value of the given row lies on a step; rows up to half a step away give the same proof'
    : `at most ${steps} steps off: ${where}`;
}

function nameOf({ name, part }: Feature, index: number): string {
  if (name !== undefined) return `feature ${index}, "${name}",`;
  return part === undefined ? `feature ${index}` : `feature ${index} of "${part}"`;
}

function shown(value: FeatureValue): string {
  switch (value.kind) {
    case 'number':
      return String(value.number);
    case 'text':
      return `"${value.text}"`;
    case 'unknown':
      return 'a value that is none of the known ones';
  }
}

function percent(share: string): string {
  return `${Number((100 * Number(share)).toPrecision(2))} %`;
}
