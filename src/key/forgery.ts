import { type CheckedKey, decodeProof, groth16Holds, type ProofJson, prepareKey } from '@quietproof/verify';
import { ELEMENT_BYTES, modPow, SCALAR_FIELD, writeElement } from '../field/bn254.ts';
import { Bn254 } from '../field/bn254-wasm.ts';
import type { Zkey } from '../formats/zkey.ts';
import { G1_BYTES } from '../formats/zkey-layout.ts';
import { g1Json, g2Json } from './key-points.ts';

/** Multiples k to try. `checkVerificationKey` searches |k| ≤ 2^16 by another method. */
const CANDIDATE_MULTIPLES = [1n, -1n, 2n, -2n];

/**
 * Tries to forge a proof without a witness: if δ = k·γ, the proof A = α, B = β, C = −k⁻¹·(IC₀ + Σ sᵢ·ICᵢ) verifies for
 * any public signals s. In 2026, contracts whose keys had no contribution were robbed this way.
 *
 * @returns the k for which the forgery verifies, or undefined
 */
export async function findForgery(zkey: Zkey, key: CheckedKey): Promise<bigint | undefined> {
  const curve = await Bn254.create();
  const prepared = prepareKey(key);
  const signals = Array.from({ length: zkey.nPublic }, (_, i) => BigInt(i % 7));
  return CANDIDATE_MULTIPLES.find((k) =>
    groth16Holds(prepared, decodeProof(forgeProof(curve, zkey, k, signals)), signals),
  );
}

/** The forged proof, which verifies if and only if δ = k·γ. */
function forgeProof(curve: Bn254, zkey: Zkey, k: bigint, signals: readonly bigint[]): ProofJson {
  const factor = modPow(((-k % SCALAR_FIELD) + SCALAR_FIELD) % SCALAR_FIELD, SCALAR_FIELD - 2n, SCALAR_FIELD);
  const scalars = [1n, ...signals].map((signal) => (signal * factor) % SCALAR_FIELD);
  return {
    protocol: 'groth16',
    curve: 'bn128',
    pi_a: g1Json(zkey.alpha1),
    pi_b: g2Json(zkey.beta2),
    pi_c: g1Json(combine(curve, zkey.ic, scalars)),
  };
}

function combine(curve: Bn254, points: Uint8Array, scalars: readonly bigint[]): Uint8Array {
  const mark = curve.mark();
  const base = curve.allocate(G1_BYTES);
  const scalar = curve.allocate(ELEMENT_BYTES);
  const [product, sum] = [curve.allocate(3 * ELEMENT_BYTES), curve.allocate(3 * ELEMENT_BYTES)];
  curve.ops.g1m_zero!(sum);
  for (const [i, value] of scalars.entries()) {
    if (value === 0n) continue;
    curve.bytes(base, G1_BYTES).set(points.subarray(i * G1_BYTES, (i + 1) * G1_BYTES));
    writeElement(curve.bytes(scalar, ELEMENT_BYTES), 0, value);
    curve.ops.g1m_timesScalarAffine!(base, scalar, ELEMENT_BYTES, product);
    curve.ops.g1m_add!(sum, product, sum);
  }
  curve.ops.g1m_batchToAffine!(sum, 1, base);
  const point = curve.bytes(base, G1_BYTES).slice();
  curve.release(mark);
  return point;
}
