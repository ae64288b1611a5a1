import { bn254 } from '@noble/curves/bn254.js';
import { Refusal } from '../refusal.ts';
import type { VerificationKeyJson } from './key-types.ts';
import { isKnownDelta } from './known-delta.ts';
import type { G1Point, G2Point } from './point-types.ts';
import { decodeG1, decodeG2, type PointCodes } from './points.ts';

/** A key whose points are in the right groups and which excludes the known forgeries. */
export interface CheckedKey {
  /** The key as it was read. */
  readonly source: VerificationKeyJson;
  readonly alpha: G1Point;
  readonly beta: G2Point;
  readonly gamma: G2Point;
  readonly delta: G2Point;
  readonly ic: readonly G1Point[];
}

const KEY_POINTS: PointCodes = { modulus: 'QP7301', curve: 'QP7302', subgroup: 'QP7303', infinity: 'QP7304' };

/**
 * Decodes a verification key and refuses every key that is known to allow forgeries (SPEC.md, section 4). Passing says
 * nothing about the maker of the key: someone who made it alone can always forge.
 *
 * @param nPublic required number of public signals, if known
 * @throws Refusal QP7301 to QP7308, naming the point
 */
export function checkVerificationKey(key: VerificationKeyJson, nPublic = key.nPublic): CheckedKey {
  if (key.nPublic !== nPublic || key.IC.length !== nPublic + 1) {
    const where = `${nPublic} public signals, nPublic ${key.nPublic}, ${key.IC.length} IC points`;
    throw new Refusal('QP7305', { where });
  }
  const checked = {
    source: key,
    alpha: decodeG1(key.vk_alpha_1, KEY_POINTS, 'vk_alpha_1'),
    beta: decodeG2(key.vk_beta_2, KEY_POINTS, 'vk_beta_2'),
    gamma: decodeG2(key.vk_gamma_2, KEY_POINTS, 'vk_gamma_2'),
    delta: decodeG2(key.vk_delta_2, KEY_POINTS, 'vk_delta_2'),
    ic: key.IC.map((point, index) => decodeG1(point, KEY_POINTS, `IC[${index}]`)),
  };
  if (!checked.gamma.equals(bn254.G2.Point.BASE as G2Point))
    throw new Refusal('QP7306', { where: 'vk_gamma_2' });
  // A key fresh from `groth16 setup` has δ = γ, and two projects shipped such a key.
  if (isKnownDelta(checked.delta)) throw new Refusal('QP7307', { where: 'vk_delta_2' });
  refuseEqualIc(checked.ic);
  return checked;
}

/**
 * The canonical form of a parsed snarkjs `verification_key.json`: the same points without `vk_alphabeta_12`, which
 * follows from α and β. It does no checks.
 */
export function canonicalVerificationKey(
  key: VerificationKeyJson & { readonly vk_alphabeta_12?: unknown },
): VerificationKeyJson {
  const { protocol, curve, nPublic, vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC } = key;
  return { protocol, curve, nPublic, vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC };
}

/** If the IC points of two signals are equal up to sign, one signal can be increased at the expense of the other. */
function refuseEqualIc(ic: readonly G1Point[]): void {
  const seen = new Map<bigint, number>();
  for (const [index, { x }] of ic.entries()) {
    const other = seen.get(x);
    if (other !== undefined) throw new Refusal('QP7308', { where: `IC[${other}] and IC[${index}]` });
    seen.set(x, index);
  }
}
