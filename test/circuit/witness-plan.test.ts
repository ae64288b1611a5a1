import { describe, expect, it } from 'vitest';
import { planWitness } from '../../src/circuit/witness-plan.ts';
import { wholeSlot } from '../../src/integer/wire-source.ts';

describe('planWitness', () => {
  it('knows a signal without an index inside an array of components', () => {
    const sources = new Map([
      ['in', [wholeSlot(0)]],
      ['digest.permutation[0].out', [wholeSlot(7)]],
    ]);
    const sym = '1,1,0,main.in[0]\n2,2,1,main.digest.permutation[0].out\n3,-1,1,main.digest.salt\n';
    expect(Array.from(planWitness(sources, sym, 3))).toEqual([0, wholeSlot(0), wholeSlot(7)]);
  });

  it('names a wire that nothing gives a value', () => {
    expect(() => planWitness(new Map(), '1,1,0,main.other.bit[3]\n', 2)).toThrow(/main\.other\.bit\[3\]/);
  });
});
