import { bn254 } from '@noble/curves/bn254.js';
import { type G1Json, type G2Json, type ProofJson, Q, R } from '@quietproof/verify';

const { G1, G2 } = bn254;
type G1Affine = InstanceType<typeof bn254.G1.Point>;
type G2Affine = InstanceType<typeof bn254.G2.Point>;

export function g1Json(point: G1Affine): G1Json {
  const { x, y } = point.toAffine();
  return [x.toString(), y.toString(), '1'];
}

export function g2Json(point: G2Affine): G2Json {
  const { x, y } = point.toAffine();
  return [
    [x.c0.toString(), x.c1.toString()],
    [y.c0.toString(), y.c1.toString()],
    ['1', '0'],
  ];
}

/** A point of the twist; almost none of them is in the subgroup. */
export function twistPoint(): G2Affine {
  const { Fp2 } = bn254.fields;
  const b = Fp2.div({ c0: 3n, c1: 0n }, { c0: 9n, c1: 1n });
  for (let c0 = 1n; ; c0 += 1n) {
    const x = { c0, c1: 1n };
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), b);
    try {
      return G2.Point.fromAffine({ x, y: Fp2.sqrt(square) });
    } catch {
      // Not a square, so no point has this x.
    }
  }
}

/** A point of order 10069. The twist has r · h points with h = 2q − r, and 10069 divides h. */
export function smallOrderPoint(start: G2Affine): G2Affine {
  const cofactor = 2n * Q - R;
  const times = (point: G2Affine, k: bigint): G2Affine => {
    let [sum, power] = [G2.Point.ZERO, point];
    for (let rest = k; rest > 0n; rest >>= 1n) {
      if (rest & 1n) sum = sum.add(power);
      power = power.double();
    }
    return sum;
  };
  return times(times(start, R), cofactor / 10069n);
}

/** The proof with C moved by k·G1: well formed, but the equation fails. */
export function withC(proof: ProofJson, k: bigint): ProofJson {
  const [x, y] = proof.pi_c;
  const moved = G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) }).add(G1.Point.BASE.multiplyUnsafe(k));
  return { ...proof, pi_c: g1Json(moved) };
}

/** The proof with B moved by a point of the twist. */
export function withB(proof: ProofJson, part: G2Affine): ProofJson {
  const [[x0, x1], [y0, y1]] = proof.pi_b;
  const fp2 = (c0: string, c1: string) => ({ c0: BigInt(c0), c1: BigInt(c1) });
  const b = G2.Point.fromAffine({ x: fp2(x0, x1), y: fp2(y0, y1) });
  return { ...proof, pi_b: g2Json(b.add(part)) };
}
