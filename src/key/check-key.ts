import { type CheckedKey, checkVerificationKey, Refusal, type VerificationKeyJson } from '@quietproof/verify';
import type { KeyState } from '../artifact/setup-file.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Zkey } from '../formats/zkey.ts';
import { findForgery } from './forgery.ts';
import type { KeyChecker, PointFault } from './key-checker.ts';
import { verificationKeyOf } from './key-points.ts';
import { wasmKeyChecker } from './wasm-key-checker.ts';

/**
 * Runs every check that a key must pass before it is used: its points are in their groups, the verification key is
 * sound, and the known forgery fails.
 *
 * A key that awaits a contribution has δ = γ by construction, so the forgery works on it. The other checks still apply.
 *
 * @throws QuietproofError QP5022 with the failed check
 */
export async function checkKey(
  zkey: Zkey,
  state: KeyState,
  file: string,
  checker: KeyChecker = wasmKeyChecker,
): Promise<VerificationKeyJson> {
  await checkPoints(zkey, file, checker);
  const verificationKey = verificationKeyOf(zkey);
  const key = decodeKey(verificationKey, state, file);
  const forgery = await findForgery(zkey, key);
  if (forgery !== undefined && state === 'ready') {
    throw unsafe(`A forged proof verifies under it (delta = ${forgery} · gamma)`, file);
  }
  return verificationKey;
}

/** Requires every point to be in its group. @throws QuietproofError QP5022 */
export async function checkPoints(zkey: Zkey, file: string, checker: KeyChecker): Promise<void> {
  const fault = await checker.findFaultyPoint(zkey);
  if (fault !== undefined) throw unsafe(faultText(fault), file);
}

function faultText(fault: PointFault): string {
  switch (fault.kind) {
    case 'coordinate':
      return `A coordinate of ${fault.part} is too large`;
    case 'curve':
      return `Point ${fault.index} of ${fault.part} is not on the curve`;
    case 'group':
      return `A point of ${fault.part} is not in its group`;
  }
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
