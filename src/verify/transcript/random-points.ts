import { bn254 } from '@noble/curves/bn254.js';
import { psi, SEED } from '../key/frobenius.ts';
import type { Fp2, G1Point, G2Point } from '../key/point-types.ts';
import { B1, B2, Q, R } from '../key/points.ts';
import { randomWords } from './random-words.ts';

const { Fp, Fr, Fp2: F2 } = bn254.fields;
const FIELD_BITS = 254n;
/** Elements are drawn in Montgomery form: v stands for v · 2^-256. */
const MONTGOMERY = 1n << 256n;

/**
 * Draws field elements and points from a stream of words as snarkjs does (SPEC.md, section 21): nobody knows a relation
 * between such a point and the generator.
 */
export class RandomPoints {
  readonly #words: Generator<number, never>;

  /** @param key its first 32 bytes are used */
  constructor(key: Uint8Array) {
    this.#words = randomWords(key);
  }

  scalar(): bigint {
    return Fr.mul(this.#below(R), Fr.inv(MONTGOMERY % R));
  }

  /** A point of G1, whose cofactor is 1. */
  g1(): G1Point {
    for (;;) {
      const x = this.#coordinate();
      const greater = this.#bit();
      const square = Fp.add(Fp.mul(Fp.sqr(x), x), B1);
      if (!isSquare(square)) continue;
      const y = Fp.sqrt(square);
      return bn254.G1.Point.fromAffine({ x, y: isGreater(y) === greater ? y : Fp.neg(y) });
    }
  }

  /** A point of the subgroup of order r in G2. */
  g2(): G2Point {
    for (;;) {
      const x: Fp2 = { c0: this.#coordinate(), c1: this.#coordinate() };
      const greater = this.#bit();
      const square = F2.add(F2.mul(F2.sqr(x), x), B2);
      // The norm of a square is a square, and that of a non-square is not.
      if (!isSquare(Fp.add(Fp.sqr(square.c0), Fp.sqr(square.c1)))) continue;
      const y = F2.sqrt(square);
      const sign = isGreater(y.c1 === 0n ? y.c0 : y.c1);
      return clearCofactor(bn254.G2.Point.fromAffine({ x, y: sign === greater ? y : F2.neg(y) }) as G2Point);
    }
  }

  #coordinate(): bigint {
    return Fp.mul(this.#below(Q), Fp.inv(MONTGOMERY % Q));
  }

  /** Four numbers of 64 bits, the lowest first, in each the higher word first; the lower 254 bits of them. */
  #below(modulus: bigint): bigint {
    for (;;) {
      let value = 0n;
      for (let shift = 0n; shift < 256n; shift += 64n) {
        value |= ((this.#word() << 32n) | this.#word()) << shift;
      }
      value = BigInt.asUintN(Number(FIELD_BITS), value);
      if (value < modulus) return value;
    }
  }

  #bit(): boolean {
    return (this.#word() & 1n) === 1n;
  }

  #word(): bigint {
    return BigInt(this.#words.next().value);
  }
}

/** A point of G2 that follows from a hash. @param hash its first 32 bytes are used */
export function hashToG2(hash: Uint8Array): G2Point {
  return new RandomPoints(hash).g2();
}

function isSquare(value: bigint): boolean {
  return value === 0n || Fp.eql(Fp.pow(value, (Q - 1n) / 2n), Fp.ONE);
}

function isGreater(value: bigint): boolean {
  return value > (Q - 1n) / 2n;
}

/**
 * Multiplies by the twist's cofactor h = 2q − r. With r = q + 1 − t and t = 6x² + 1, h = q + (t − 1), and
 * ψ² − tψ + q = 0 gives [q]P = [t]ψ(P) − ψ²(P): so [h]P = [6x²](P + ψ(P)) + ψ(P) − ψ²(P), half the work.
 */
function clearCofactor(point: G2Point): G2Point {
  const once = psi(point);
  return point
    .add(once)
    .multiplyUnsafe(6n * SEED * SEED)
    .add(once)
    .subtract(psi(once));
}
