import { QuietproofError } from '../errors/quietproof-error.ts';
import { circuitDomainPower, publicCount } from '../formats/evaluation-domain.ts';
import type { R1cs } from '../formats/r1cs.ts';
import type { Zkey } from '../formats/zkey.ts';
import { coefficientsEqual } from '../formats/zkey-coefficients.ts';

/**
 * Checks that a key was made for this circuit, as far as the key itself shows it: by the counts, and by the
 * coefficients that the prover multiplies the witness with. Does not check the points.
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
    ['domain points', zkey.domainSize, 2 ** circuitDomainPower(r1cs)],
  ] as const;
  for (const [name, found, expected] of counts) {
    if (found !== expected) throw refuse(`${found} ${name} instead of ${expected}`);
  }
  if (!coefficientsEqual(zkey.coefficients, r1cs)) throw refuse('its coefficients differ');
}
