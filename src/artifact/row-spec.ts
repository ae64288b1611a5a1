import { featureCount, type InputReading } from '@quietproof/verify';
import type { RowSpec } from '../data/data-set.ts';

/** The form of a data row for an interface: how many numbers, the shape they may be nested in, and their names. */
export function rowSpecOf(input: InputReading): RowSpec {
  const { parts } = input;
  const count = featureCount(input);
  const shape = parts.length === 1 ? parts[0]!.shape : [count];
  if (parts.every((part) => part.names === undefined)) return { count, shape };
  const names = parts.flatMap((part): readonly (string | undefined)[] => part.names ?? unnamed(part.count));
  return { count, shape, names };
}

function unnamed(count: number): (string | undefined)[] {
  return Array.from({ length: count }, () => undefined);
}
