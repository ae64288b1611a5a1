import { expect, it } from 'vitest';
import { argmaxContests } from '../../src/integer/argmax.ts';
import type { Argmax } from '../../src/integer/integer-graph.ts';

const node: Argmax = {
  ...{ op: 'argmax', name: 'label', origin: [], first: 2, count: 1, scale: 1 },
  source: Int32Array.of(0, 1),
};

it('compares with 2 bits at least where only a tie is for the first value', () => {
  const bounds = { lo: Float64Array.of(1, 1, 0), hi: Float64Array.of(1, 2, 1), joint: new Map() };
  expect(argmaxContests(node, bounds)).toEqual([{ winner: 'compare', bits: 2, lo: 1, hi: 2 }]);
});

it('compares nothing where the second value is larger in any case', () => {
  const bounds = { lo: Float64Array.of(1, 2, 0), hi: Float64Array.of(1, 3, 1), joint: new Map() };
  expect(argmaxContests(node, bounds)).toMatchObject([{ winner: 'candidate' }]);
});
