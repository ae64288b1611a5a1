import { QuietproofError } from '../errors/quietproof-error.ts';
import type { R1cs } from '../formats/r1cs.ts';
import { readZkey, type Zkey } from '../formats/zkey.ts';
import { coefficientsEqual } from '../formats/zkey-coefficients.ts';
import { checkSuccessor } from './check-successor.ts';
import { refuseDevelopmentKey } from './contribute.ts';
import { checkContributions } from './contributions.ts';
import { domainPower, publicCount } from './qap.ts';
import { withCurve } from './snarkjs-session.ts';

/**
 * Whether a key was made for this circuit, as far as the key itself can show: counts, and the coefficients the prover
 * multiplies the witness with. Its points are another matter.
 *
 * @throws QuietproofError QP5021
 */
export function checkBelongs(zkey: Zkey, r1cs: R1cs, file: string): void {
  const refuse = (what: string) =>
    new QuietproofError('QP5021', {
      what: `The key belongs to another circuit: ${what}`,
      where: file,
      fix: 'Use a key made from the circuit.r1cs of this artifact',
    });
  const counts = [
    ['wires', zkey.nWires, r1cs.nWires],
    ['public signals', zkey.nPublic, publicCount(r1cs)],
    ['domain points', zkey.domainSize, 2 ** domainPower(r1cs)],
  ] as const;
  for (const [name, found, expected] of counts) {
    if (found !== expected) throw refuse(`${found} ${name} instead of ${expected}`);
  }
  if (!coefficientsEqual(zkey.coefficients, r1cs)) throw refuse('its coefficients differ');
}

/**
 * Checks a ceremony key made elsewhere: it is for this circuit, its contributions lead to its δ, and, where a
 * reference is given (the key the ceremony started from), nothing else was changed.
 *
 * @returns the key
 * @throws QuietproofError QP5013, QP5021, QP5024, QP5032
 */
export async function checkImportedKey(
  bytes: Uint8Array,
  r1cs: R1cs,
  reference: Uint8Array | undefined,
  file: string,
): Promise<Zkey> {
  const zkey = readZkey(bytes, file);
  checkBelongs(zkey, r1cs, file);
  await withCurve(async (curve) => {
    refuseDevelopmentKey(zkey, curve.G1.g, file);
    await checkContributions(zkey, curve, file);
    if (reference !== undefined) await checkSuccessor(readZkey(reference), zkey, curve, file);
  });
  return zkey;
}
