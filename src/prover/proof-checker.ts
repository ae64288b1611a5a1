import type { ProofChecker, StatedProof, VerificationKeyJson } from '@quietproof/verify';
import { BACKEND_VARIABLE } from './backend.ts';
import { nativeProver } from './native-binary.ts';
import type { NativeBinding, NativeProof, NativeVerifyingKey } from './native-binding.ts';

/** Proofs that are combined in one equation: more save little, and each takes 20 kB meanwhile. */
const BATCH = 128;

/**
 * The native check of proofs, for the verifier: loaded by file name, in every thread that verifies.
 *
 * @returns undefined where the binary is not built or cannot be used, or the environment asks for no native code
 */
export function proofChecker(): ProofChecker | undefined {
  if (process.env[BACKEND_VARIABLE] === 'snarkjs') return undefined;
  const native = nativeProver();
  return native.state === 'ready' ? nativeChecker(native.binding) : undefined;
}

export function nativeChecker(binding: Pick<NativeBinding, 'verifyingKeySync'>): ProofChecker {
  const keys = new WeakMap<VerificationKeyJson, NativeVerifyingKey>();
  return {
    confirm(key, proofs) {
      const known = keys.get(key) ?? binding.verifyingKeySync(nativeKey(key));
      keys.set(key, known);
      const confirmed: boolean[] = [];
      for (let at = 0; at < proofs.length; at += BATCH) {
        confirmed.push(...known.holdingSync(proofs.slice(at, at + BATCH).map(nativeProof)));
      }
      return confirmed;
    },
  };
}

// Points are affine: with another third coordinate they are not the native form of anything, and are left to the verifier.

function nativeKey({ vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC }: VerificationKeyJson) {
  return {
    alpha1: g1(vk_alpha_1),
    beta2: g2(vk_beta_2),
    gamma2: g2(vk_gamma_2),
    delta2: g2(vk_delta_2),
    ic: IC.map(g1),
  };
}

function nativeProof({ proof: { pi_a, pi_b, pi_c }, signals }: StatedProof): NativeProof {
  return { a: g1(pi_a), b: g2(pi_b), c: g1(pi_c), publicSignals: signals.map(String) };
}

function g1([x, y, z]: VerificationKeyJson['vk_alpha_1']): NativeProof['a'] {
  return isText(z, '1') ? [x, y] : NOWHERE;
}

function g2([x, y, [z0, z1]]: VerificationKeyJson['vk_beta_2']): NativeProof['b'] {
  return isText(z0, '1') && isText(z1, '0') ? [x, y] : [NOWHERE, NOWHERE];
}

/** No coordinates. */
const NOWHERE = ['', ''] as const;

/** The types promise it, but the verifier reads other points too, to name what is wrong with them. */
function isText(found: string, expected: string): boolean {
  return found === expected;
}
