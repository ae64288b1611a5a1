import {
  type Feature,
  type FeatureValue,
  onlyOfPart,
  type Quality,
  type UnjudgedQuality,
  type Verdict,
} from '../index.ts';
import { plural } from './words.ts';

/** What the producer measured on held-out rows, in a line. A claim, until somebody measures again. */
export function describeQuality(quality: Quality, answers: Verdict['answers'] = []): string {
  if (quality.kind === 'not-judged') return unjudged(quality, answers);
  const { kind, contract, flips, error } = quality;
  const found = [
    flips &&
      `${plural(flips.count, 'label flip')}, so at most ${percent(flips.upper)} of all rows (95 % sure; ${percent(contract.flips)} allowed)`,
    error && `largest error ${percent(error)} of the span (${percent(contract.error)} allowed)`,
  ].filter((part) => part !== undefined);
  const result = kind === 'judged' ? 'contract kept' : 'contract broken, loss accepted,';
  return `${result} on ${plural(quality.rows, 'row')}: ${found.join(', ')}`;
}

/** Flips decide on a label, and need many rows; the error of values needs few. */
function unjudged({ rows, contract }: UnjudgedQuality, answers: NonNullable<Verdict['answers']>): string {
  const share = Number(contract?.flips ?? 0);
  const isLabel = answers.every(({ answer }) => answer.kind !== 'logits');
  // With this many rows and no flip, the upper 95 % bound on the share of flips is the one that is allowed.
  const needed = Math.ceil(Math.log(0.05) / Math.log1p(-share));
  const known = isLabel && share > 0 && share < 1 && rows < needed;
  return `not judged: ${known ? `${rows} of ${plural(needed, 'row')}` : plural(rows, 'row')}`;
}

/** Where the given row is farthest from what was proved; undefined where no row was given. */
export function describeDistance({ distance, features }: Verdict): string | undefined {
  const feature = distance && features?.[distance.feature];
  if (distance === undefined || feature === undefined || features === undefined) return undefined;
  const { given, value } = feature;
  const steps = Number(distance.deviation.toPrecision(2));
  const where = `${nameOf(feature, features, distance.feature)} was given as ${given}, proved is ${shown(value)}`;
  return steps === 0
    ? 'every value of the given row lies on a step; rows up to half a step away give the same proof'
    : `at most ${steps} steps off: ${where}`;
}

function nameOf(feature: Feature, features: readonly Feature[], index: number): string {
  const { name, part } = feature;
  if (name !== undefined) return `feature ${index}, "${name}",`;
  const only = onlyOfPart(feature, features);
  if (only !== undefined) return `"${only}"`;
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

/** At most 3 significant digits, never less than what was measured. */
function percent(share: string): string {
  const value = 100 * Number(share);
  const rounded = Number(value.toPrecision(3));
  // The product above may be wrong in its last digit.
  if (rounded >= value * (1 - 1e-12)) return `${rounded} %`;
  const step = 10 ** (Math.floor(Math.log10(value)) - 2);
  return `${Number((rounded + step).toPrecision(3))} %`;
}
