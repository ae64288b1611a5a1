import { featureCount, featuresOf, type InputReading, type PlacedFeature } from '@quietproof/verify';
import type { Categories } from '../data/categories.ts';
import type { Accepted, RowSpec } from '../data/data-set.ts';
import { RANKS } from '../graph/float32.ts';

/** The form of a data row for an interface: how many numbers, the shape they may be nested in, and their names. */
export function rowSpecOf(input: InputReading): RowSpec {
  const { parts } = input;
  const count = featureCount(input);
  const shape = parts.length === 1 ? parts[0]!.shape : [count];
  const accepts = featuresOf(input).map(({ encoding }) => acceptedBy(encoding));
  const named = parts.map((part, k) => ({ ...part, name: part.name ?? `input ${k}` }));
  const spec = {
    ...{ count, shape, takesLabels: false },
    ...(accepts.some((own) => own !== 'finite') && { accepts }),
    ...(parts.length > 1 && { parts: named }),
  };
  if (parts.every((part) => part.names === undefined)) return spec;
  const names = parts.flatMap((part): readonly (string | undefined)[] => part.names ?? unnamed(part.count));
  return { ...spec, names };
}

/** A category has a text at its lower end, and the rank of a float32 the text of an infinity; NaN is at the upper end. */
function acceptedBy({ decode, max }: PlacedFeature['encoding']): Accepted {
  const [low, high] = [decode(0), decode(max)];
  const endsInNaN = high.kind === 'text' && high.text === 'NaN';
  if (low.kind !== 'text') return endsInNaN ? 'finite or missing' : 'finite';
  // No list of categories is as long as the float32 numbers are many.
  if (max < RANKS.highest) return categoriesOf(decode, max);
  return endsInNaN ? 'missing' : 'infinite';
}

function categoriesOf(decode: PlacedFeature['encoding']['decode'], max: number): Categories {
  const decoded = Array.from({ length: max + 1 }, (_, integer) => decode(integer));
  const values = decoded.flatMap((value) => (value.kind === 'text' ? [value.text] : []));
  return { values, unknown: values.length === decoded.length ? 'refused' : 'coded' };
}

function unnamed(count: number): (string | undefined)[] {
  return Array.from({ length: count }, () => undefined);
}
