import { createHash } from 'node:crypto';
import { bn254 } from '@noble/curves/bn254.js';
import type { Json } from './canonical.ts';

export const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
export const R = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

const { G1, G2 } = bn254;
export type P1 = InstanceType<typeof G1.Point>;
export type P2 = InstanceType<typeof G2.Point>;
export const [G, H] = [G1.Point.BASE, G2.Point.BASE];
export const INVERSE = (k: bigint): bigint => bn254.fields.Fr.inv(mod(k));

export const INFINITY_1 = ['0', '1', '0'];
export const INFINITY_2 = [
  ['0', '0'],
  ['1', '0'],
  ['0', '0'],
];

export function mod(k: bigint): bigint {
  return ((k % R) + R) % R;
}

/** A scalar derived from a label, the same in every run of the generator. */
export function scalar(word: string): bigint {
  return mod(BigInt(`0x${createHash('sha256').update(`quietproof vectors ${word}`).digest('hex')}`));
}

export function g1([x, y]: Json): P1 {
  return G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) });
}

export function g2([x, y]: Json): P2 {
  const fp2 = ([c0, c1]: Json) => ({ c0: BigInt(c0), c1: BigInt(c1) });
  return G2.Point.fromAffine({ x: fp2(x), y: fp2(y) });
}

export function json1(point: P1): Json {
  const { x, y } = point.toAffine();
  return [x.toString(), y.toString(), '1'];
}

export function json2(point: P2): Json {
  const { x, y } = point.toAffine();
  return [
    [x.c0.toString(), x.c1.toString()],
    [y.c0.toString(), y.c1.toString()],
    ['1', '0'],
  ];
}

/** IC₀ + Σ sᵢ·ICᵢ₊₁. */
export function sumOf(key: Json, signals: readonly string[]): P1 {
  return signals.reduce((sum, signal, index) => {
    return sum.add(g1(key.IC[index + 1]).multiplyUnsafe(mod(BigInt(signal))));
  }, g1(key.IC[0]));
}

/** A point of the twist outside the subgroup of order r. */
export function outsidePoint(): P2 {
  const { Fp2 } = bn254.fields;
  const b = Fp2.div({ c0: 3n, c1: 0n }, { c0: 9n, c1: 1n });
  for (let c0 = 1n; ; c0 += 1n) {
    const x = { c0, c1: 1n };
    try {
      return G2.Point.fromAffine({ x, y: Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b)) });
    } catch {
      // Not a square, so no point has this x.
    }
  }
}

/** A point of order 10069, the smallest prime of the twist's cofactor 2q − r. */
export function smallOrderPoint(): P2 {
  const times = (point: P2, k: bigint): P2 => {
    let [sum, power] = [G2.Point.ZERO, point];
    for (let rest = k; rest > 0n; rest >>= 1n) {
      if (rest & 1n) sum = sum.add(power);
      power = power.double();
    }
    return sum;
  };
  return times(times(outsidePoint(), R), (2n * Q - R) / 10069n);
}
