import { expect, test } from 'vitest';
import { groupOf } from '../../../src/verify/v2/axes.ts';

/** Computes groups from coordinates, as SPEC.md, section 14, defines them. */
function groupsByCoordinates([a, b, c]: [number, number, number], axes: number[]): number[] {
  const groups: number[] = [];
  const sizes = [a, b, c];
  for (let i = 0; i < a; i += 1)
    for (let j = 0; j < b; j += 1)
      for (let k = 0; k < c; k += 1)
        groups.push(axes.reduce((group, axis) => group * sizes[axis]! + [i, j, k][axis]!, 0));
  return groups;
}

test.each([[[]], [[0]], [[1]], [[2]], [[0, 1]], [[0, 2]], [[1, 2]], [[0, 1, 2]]])('axes %j', (axes) => {
  const group = groupOf([2, 3, 4], axes);
  expect(Array.from({ length: 24 }, (_, i) => group(i))).toEqual(groupsByCoordinates([2, 3, 4], axes));
});
