import { type CheckedKey, checkVerificationKey, Refusal, type VerificationKeyJson } from '@quietproof/verify';
import type { KeyState } from '../artifact/setup-file.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { BASE_FIELD, ELEMENT_BYTES, isBelow } from '../field/bn254.ts';
import { Bn254 } from '../field/bn254-wasm.ts';
import type { Zkey } from '../formats/zkey.ts';
import { findForgery } from './forgery.ts';
import { verificationKeyOf } from './key-points.ts';

/**
 * Runs every check that a key must pass before it is used: its points are on their curves, the verification key is
 * sound, and the known forgery fails.
 *
 * A key that awaits a contribution has δ = γ by construction, so the forgery works on it. The other checks still apply.
 *
 * @throws QuietproofError QP5022 with the failed check
 */
export async function checkKey(zkey: Zkey, state: KeyState, file: string): Promise<VerificationKeyJson> {
  await checkPoints(zkey, file);
  const verificationKey = verificationKeyOf(zkey);
  const key = decodeKey(verificationKey, state, file);
  const forgery = await findForgery(zkey, key);
  if (forgery !== undefined && state === 'ready') {
    throw unsafe(`A forged proof verifies under it (delta = ${forgery} · gamma)`, file);
  }
  return verificationKey;
}

function unsafe(what: string, file: string, cause?: unknown): QuietproofError {
  const fix = 'Do not use this key: make a new one, or take it from the ceremony again';
  return new QuietproofError('QP5022', { what, where: file, fix, cause });
}

function decodeKey(key: VerificationKeyJson, state: KeyState, file: string): CheckedKey {
  try {
    if (state === 'ready') return checkVerificationKey(key);
    // A key that awaits a contribution has δ = γ, which would be refused. Swapping β and δ still decodes every point.
    const swapped = checkVerificationKey({ ...key, vk_beta_2: key.vk_delta_2, vk_delta_2: key.vk_beta_2 });
    return { ...swapped, beta: swapped.delta, delta: swapped.beta };
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    const where = cause.where === undefined ? '' : `: ${cause.where}`;
    throw unsafe(`The key is unsafe (${cause.code}): ${cause.what}${where}`, file, cause);
  }
}

const CHUNK_BYTES = 2 ** 20;

/** Requires canonical coordinates and points on their curves. Infinity is allowed: it belongs to unused wires. */
async function checkPoints(zkey: Zkey, file: string): Promise<void> {
  const curve = await Bn254.create();
  const buffer = curve.allocate(CHUNK_BYTES);
  const { alpha1, beta1, beta2, gamma2, delta1, delta2, ic, a, b1, b2, c, h } = zkey;
  const inG1 = { alpha1, beta1, delta1, IC: ic, A: a, B1: b1, C: c, H: h };
  const inG2 = { beta2, gamma2, delta2, B2: b2 };
  for (const [name, points] of Object.entries(inG1)) check(name, points, 'g1m', 2 * ELEMENT_BYTES);
  for (const [name, points] of Object.entries(inG2)) check(name, points, 'g2m', 4 * ELEMENT_BYTES);

  function check(name: string, points: Uint8Array, group: 'g1m' | 'g2m', size: number): void {
    const [inCurve, isZero] = [curve.ops[`${group}_inCurveAffine`]!, curve.ops[`${group}_isZeroAffine`]!];
    const view = new DataView(points.buffer, points.byteOffset, points.byteLength);
    for (let at = 0; at < points.length; at += ELEMENT_BYTES) {
      if (!isBelow(view, at, BASE_FIELD)) throw unsafe(`A coordinate of ${name} is too large`, file);
    }
    for (let start = 0; start < points.length; start += CHUNK_BYTES) {
      const chunk = points.subarray(start, start + CHUNK_BYTES);
      curve.bytes(buffer, chunk.length).set(chunk);
      for (let at = 0; at < chunk.length; at += size) {
        if (inCurve(buffer + at) || isZero(buffer + at)) continue;
        throw unsafe(`Point ${(start + at) / size} of ${name} is not on the curve`, file);
      }
    }
  }
}
