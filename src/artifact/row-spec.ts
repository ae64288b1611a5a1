import { featureCount, featuresOf, type InputReading, type PlacedFeature } from '@quietproof/verify';
import type { Accepted, RowSpec } from '../data/data-set.ts';

/** The form of a data row for an interface: how many numbers, the shape they may be nested in, and their names. */
export function rowSpecOf(input: InputReading): RowSpec {
  const { parts } = input;
  const count = featureCount(input);
  const shape = parts.length === 1 ? parts[0]!.shape : [count];
  const accepts = featuresOf(input).map(({ encoding }) => acceptedBy(encoding));
  const spec = { count, shape, ...(accepts.some((own) => own !== 'finite') && { accepts }) };
  if (parts.every((part) => part.names === undefined)) return spec;
  const names = parts.flatMap((part): readonly (string | undefined)[] => part.names ?? unnamed(part.count));
  return { ...spec, names };
}

/** Of the encodings, only the rank of a float32 has infinities at its ends, or NaN at its upper one. */
function acceptedBy({ decode, max }: PlacedFeature['encoding']): Accepted {
  const [low, high] = [decode(0), decode(max)];
  if (low.kind !== 'text' || low.text !== '-Infinity' || high.kind !== 'text') return 'finite';
  return high.text === 'NaN' ? 'missing' : 'infinite';
}

function unnamed(count: number): (string | undefined)[] {
  return Array.from({ length: count }, () => undefined);
}
