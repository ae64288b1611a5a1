import { describe, expect, it } from 'vitest';
import {
  circomBytes,
  circomSeconds,
  MEASURED,
  sizeRefusal,
} from '../../../src/circuit/circom/circom-work.ts';

const PAGE_BYTES = 65_536;
/** The machine of the measurements. */
const SLOWER = 2;

describe('the work of circom', () => {
  it.each(MEASURED)('$circuit: memory as measured', ({ pages, ...work }) => {
    const ratio = (pages * PAGE_BYTES) / circomBytes(work);
    expect(ratio).toBeGreaterThan(1 / 1.5);
    expect(ratio).toBeLessThan(1.5);
  });

  it('times have the proportions of those measured', () => {
    const factors = MEASURED.map(({ cpuSeconds, ...work }) => cpuSeconds / circomSeconds(work));
    for (const factor of factors) {
      expect(factor / SLOWER).toBeGreaterThan(1 / 1.5);
      expect(factor / SLOWER).toBeLessThan(1.5);
    }
  });

  it('refuses what its memory does not hold, with the number that fits', () => {
    expect(sizeRefusal({ constraints: 1_460_000, weights: 80_000 })).toBeUndefined();
    expect(sizeRefusal({ constraints: 52_000, weights: 9_000_000 })).toBeUndefined();
    expect(sizeRefusal({ constraints: 3_500_000, weights: 80_000 })).toMatchObject({
      code: 'QP4003',
      where: expect.stringMatching(
        /^3,500,000 constraints and 80,000 weights take it about 5\.3 GB, .*4\.3 GB$/,
      ),
      fix: expect.stringMatching(/bits.*: about 2,800,000 constraints fit$/),
    });
    expect(sizeRefusal({ constraints: 50_000, weights: 15_000_000 })).toMatchObject({
      code: 'QP4003',
      fix: expect.stringMatching(/dense layers smaller: about 13,000,000 weights fit$/),
    });
  });

  it('advises a size that is not refused', () => {
    const refusal = sizeRefusal({ constraints: 3_000_000, weights: 100_000 });
    const [, most] = /about ([\d,]+) constraints/.exec(refusal!.fix!)!;
    expect(sizeRefusal({ constraints: Number(most!.replaceAll(',', '')), weights: 100_000 })).toBeUndefined();
  });
});
