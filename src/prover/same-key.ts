import path from 'node:path';
import type { VerificationKeyJson } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';

/** The points of a verification key, in the order in which a difference is reported. */
const POINTS = ['vk_alpha_1', 'vk_beta_2', 'vk_gamma_2', 'vk_delta_2', 'IC'] as const;

export type KeyPoints = Pick<VerificationKeyJson, (typeof POINTS)[number]>;

/** Refuses a .zkey that contains another verification key than the artifact's. @throws QuietproofError QP6103 */
export function requireSameKey(inKey: KeyPoints, expected: VerificationKeyJson, zkey: string): void {
  for (const name of POINTS) {
    if (JSON.stringify(inKey[name]) === JSON.stringify(expected[name])) continue;
    throw new QuietproofError('QP6103', {
      what: `${path.basename(zkey)} is not the key of this artifact: its ${name} differs`,
      where: path.dirname(zkey),
      fix: 'Run `quietproof setup` again',
    });
  }
}
