import { describe, expect, it } from 'vitest';
import {
  circomBytes,
  circomSeconds,
  MEASURED,
  sizeRefusal,
} from '../../../src/circuit/circom/circom-work.ts';

const PAGE_BYTES = 65_536;

describe('the work of circom', () => {
  it.each(MEASURED)('$circuit: memory as measured', ({ pages, ...work }) => {
    const ratio = (pages * PAGE_BYTES) / circomBytes(work);
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.1);
  });

  it('times have the proportions of those measured', () => {
    const factors = MEASURED.map(({ cpuSeconds, ...work }) => cpuSeconds / circomSeconds(work));
    expect(Math.max(...factors) / Math.min(...factors)).toBeLessThan(1.1);
  });

  it('refuses what its memory does not hold, with the number that fits', () => {
    expect(sizeRefusal({ constraints: 1_460_000, weights: 80_000 })).toBeUndefined();
    expect(sizeRefusal({ constraints: 52_000, weights: 1_900_000 })).toBeUndefined();
    expect(sizeRefusal({ constraints: 2_500_000, weights: 80_000 })).toMatchObject({
      code: 'QP4003',
      where: expect.stringMatching(
        /^2,500,000 constraints and 80,000 weights take it about 5\.1 GB, .*4\.3 GB$/,
      ),
      fix: expect.stringMatching(/bits.*: about 2,000,000 constraints fit$/),
    });
    expect(sizeRefusal({ constraints: 50_000, weights: 4_000_000 })).toMatchObject({
      code: 'QP4003',
      fix: expect.stringMatching(/dense layers smaller: about 3,100,000 weights fit$/),
    });
  });

  it('advises a size that is not refused', () => {
    const refusal = sizeRefusal({ constraints: 3_000_000, weights: 100_000 });
    const [, most] = /about ([\d,]+) constraints/.exec(refusal!.fix!)!;
    expect(sizeRefusal({ constraints: Number(most!.replaceAll(',', '')), weights: 100_000 })).toBeUndefined();
  });
});
