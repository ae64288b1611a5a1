import { bn254 } from '@noble/curves/bn254.js';
import { Q, R } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { inSubgroup } from '../../../src/verify/key/subgroup.ts';
import { smallOrderPoint, type twistPoint } from '../support/points.ts';

const { G2, fields } = bn254;
const X = 4965661367192848881n;
const TRACE = 6n * X ** 2n + 1n;

type Point = ReturnType<typeof twistPoint>;
const fast = (point: Point) => inSubgroup(point as Parameters<typeof inSubgroup>[0]);

/** Whether r·P = 0, by doubling and adding; noble's multiplication accepts only scalars below r. */
function slow(point: Point): boolean {
  let sum = G2.Point.ZERO;
  for (const bit of R.toString(2)) {
    sum = sum.double();
    if (bit === '1') sum = sum.add(point);
  }
  return sum.is0();
}

/** The first points of the twist with x = c0 + u and c0 ≥ start. */
function twistPoints(count: number, start: bigint): Point[] {
  const { Fp2 } = fields;
  const b = Fp2.div({ c0: 3n, c1: 0n }, { c0: 9n, c1: 1n });
  const points: Point[] = [];
  for (let c0 = start; points.length < count; c0 += 1n) {
    const x = { c0, c1: 1n };
    try {
      points.push(G2.Point.fromAffine({ x, y: Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b)) }));
    } catch {
      // Not a square, so no point has this x.
    }
  }
  return points;
}

describe('the integers behind the fast test', () => {
  test('q, r and the trace are the polynomials of the seed', () => {
    expect(Q).toBe(36n * X ** 4n + 36n * X ** 3n + 24n * X ** 2n + 6n * X + 1n);
    expect(R).toBe(Q + 1n - TRACE);
  });

  const f = [X + 1n, X, X, -2n * X];

  test('f(q) = 0 mod r', () => {
    expect(f.reduce((sum, c, i) => sum + c * Q ** BigInt(i), 0n) % R).toBe(0n);
  });

  test('gcd(norm of f(ψ), number of points) = r', () => {
    const [a, b] = reduce(f);
    const norm = a ** 2n + a * b * TRACE + b ** 2n * Q;
    expect(gcd(norm, (2n * Q - R) * R)).toBe(R);
  });
});

describe('agrees with r·P = 0', () => {
  test('on points of the subgroup', () => {
    for (const k of [1n, 2n, 3n, 10069n, R - 1n, 2n ** 200n + 12345n]) {
      const point = G2.Point.BASE.multiplyUnsafe(k);
      expect(slow(point)).toBe(true);
      expect(fast(point), `${k}`).toBe(true);
    }
  });

  test('on points of the twist', () => {
    for (const point of twistPoints(12, 1n)) {
      expect(slow(point)).toBe(false);
      expect(fast(point)).toBe(false);
    }
  });

  test('on points of order 10069, and on subgroup points with such a component added', () => {
    for (const start of twistPoints(3, 1000n)) {
      const small = smallOrderPoint(start);
      expect(small.is0()).toBe(false);
      for (const point of [small, small.double(), small.add(G2.Point.BASE)]) {
        expect(slow(point)).toBe(false);
        expect(fast(point)).toBe(false);
      }
    }
  });
});

/** Reduces a polynomial in ψ to a + bψ, by ψ² = tψ − q. */
function reduce(f: readonly bigint[]): [bigint, bigint] {
  const c = [...f];
  while (c.length > 2) {
    const top = c.pop()!;
    c[c.length - 1]! += TRACE * top;
    c[c.length - 2]! -= Q * top;
  }
  return [c[0]!, c[1]!];
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x < 0n ? -x : x;
}
