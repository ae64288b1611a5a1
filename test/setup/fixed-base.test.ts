import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { readElement, SCALAR_FIELD, writeElement } from '../../src/field/bn254.ts';
import { Bn254 } from '../../src/field/bn254-wasm.ts';
import { G1, G2, type Group } from '../../src/setup/batch-addition.ts';
import { FixedBase } from '../../src/setup/fixed-base.ts';

let curve: Bn254;
beforeAll(async () => {
  curve = await Bn254.create();
});

/** scalar · generator by ffjavascript's double-and-add. */
function multiplyByDoubling(group: Group, scalar: bigint): Uint8Array {
  const mark = curve.mark();
  const [plain, product, affine] = [32, 3 * group.coordinate, 2 * group.coordinate].map((n) =>
    curve.allocate(n),
  ) as [number, number, number];
  writeElement(curve.bytes(plain, 32), 0, scalar);
  curve.ops[`${group.name}_timesScalarAffine`]!(group === G1 ? curve.g1 : curve.g2, plain, 32, product);
  curve.ops[`${group.name}_batchToAffine`]!(product, 1, affine);
  const point = curve.bytes(affine, 2 * group.coordinate).slice();
  curve.release(mark);
  return point;
}

async function multiplyByTable(
  group: Group,
  scalars: readonly bigint[],
  expected: number,
): Promise<Uint8Array[]> {
  const mark = curve.mark();
  const address = curve.allocate(32 * scalars.length);
  for (const [i, scalar] of scalars.entries()) curve.setScalar(address + 32 * i, scalar);
  const size = 2 * group.coordinate;
  const out = new Uint8Array(size * scalars.length);
  await new FixedBase(curve, group, expected).multiply(address, scalars.length, out);
  curve.release(mark);
  return scalars.map((_, i) => out.slice(i * size, (i + 1) * size));
}

const edge = [0n, 1n, 2n, 3n, 2n ** 14n, 2n ** 253n, SCALAR_FIELD - 1n, SCALAR_FIELD - 2n, 2n ** 128n - 1n];
const random = Array.from({ length: 20 }, () => readElement(randomBytes(32)) % SCALAR_FIELD);

describe.each([
  ['G1', G1],
  ['G2', G2],
] as const)('FixedBase in %s', (_, group) => {
  // These numbers of multiplications give windows from 2 to 15 bits.
  it.each(group === G1 ? [1, 30, 1000, 30_000, 400_000] : [1, 30, 1000, 30_000])(
    'agrees with double-and-add when made for %d points',
    async (expected) => {
      const points = await multiplyByTable(group, [...edge, ...random], expected);
      for (const [i, scalar] of [...edge, ...random].entries()) {
        expect(Buffer.compare(points[i]!, multiplyByDoubling(group, scalar)), `scalar ${scalar}`).toBe(0);
      }
    },
  );

  it('works for more than one batch', async () => {
    const scalars = Array.from({ length: 4100 }, (_, i) => BigInt(i % 3) * 12_345_678_901_234_567n);
    const points = await multiplyByTable(group, scalars, 4100);
    const expected = [0, 1, 2].map((i) => multiplyByDoubling(group, scalars[i]!));
    for (const [i, point] of points.entries())
      expect(Buffer.compare(point, expected[i % 3]!), `point ${i}`).toBe(0);
  });
});

describe('Bn254', () => {
  it('reuses released memory, zeroed', () => {
    const mark = curve.mark();
    const first = curve.allocate(100);
    curve.bytes(first, 100).fill(7);
    curve.release(mark);
    expect(curve.allocate(100)).toBe(first);
    expect(curve.bytes(first, 100).every((byte) => byte === 0)).toBe(true);
    curve.release(mark);
  });

  it('overwrites all memory when wiped', async () => {
    const other = await Bn254.create();
    const address = other.allocate(32);
    other.setScalar(address, 5n);
    const words = other.words();
    other.wipe();
    expect(words.every((word) => word === 0)).toBe(true);
  });
});
