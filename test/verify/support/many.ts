import { bn254 } from '@noble/curves/bn254.js';
import { fileJson, type G1Json, type G2Json, type ModelRecord, type ProofJson } from '@quietproof/verify';
import { assembleBundle } from '../../../src/bundle/assemble-bundle.ts';
import { digestFixture } from './corpus.ts';
import { g1Json, g2Json } from './points.ts';

const { G1, G2, fields } = bn254;

/** Another proof of the same statement: (s·A, s⁻¹·B, C). */
export function rerandomise(proof: ProofJson, s: bigint): ProofJson {
  const a = g1(proof.pi_a).multiplyUnsafe(s);
  const b = g2(proof.pi_b).multiplyUnsafe(fields.Fr.inv(s));
  return { ...proof, pi_a: g1Json(a), pi_b: g2Json(b) };
}

/**
 * Texts of thin bundles of one model, with distinct row indices and proof points: the few real proofs of the fixture,
 * each re-randomised with s = 2, 4, 8, ….
 */
export function manyBundles(model: ModelRecord, count: number): string[] {
  const { proofs } = digestFixture;
  const running = proofs.map(({ proof }) => ({ a: g1(proof.pi_a), b: g2(proof.pi_b), k: 1n }));
  return Array.from({ length: count }, (_, index) => {
    const which = index % proofs.length;
    const { proof, publicSignals } = proofs[which]!;
    const state = running[which]!;
    // Doubling A and halving B keeps e(A, B), and costs less than multiplying A and B by an arbitrary s.
    state.a = state.a.double();
    state.b = state.b.multiplyUnsafe(HALF);
    const moved = { ...proof, pi_a: g1Json(state.a), pi_b: g2Json(state.b) };
    return fileJson(assembleBundle(model, { proof: moved, publicSignals, row: { index } }));
  });
}

const HALF = fields.Fr.inv(2n);

function g1(point: G1Json) {
  return G1.Point.fromAffine({ x: BigInt(point[0]), y: BigInt(point[1]) });
}

function g2([x, y]: G2Json) {
  const fp2 = ([c0, c1]: readonly [string, string]) => ({ c0: BigInt(c0), c1: BigInt(c1) });
  return G2.Point.fromAffine({ x: fp2(x), y: fp2(y) });
}
