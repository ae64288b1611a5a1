import { QuietproofError } from '../errors/quietproof-error.ts';
import { TWO_ADICITY } from '../field/bn254.ts';
import type { R1cs } from './r1cs.ts';

/** Number of public signals of a circuit, without the constant wire. */
export function publicCount(r1cs: R1cs): number {
  return r1cs.nOutputs + r1cs.nPublicInputs;
}

/**
 * Binary logarithm of the size of the Groth16 evaluation domain. It has one row per constraint, per public signal and
 * for the constant wire; the extra rows keep the public part independent (snarkjs `zkey_new.js`). Proving time doubles
 * with each step.
 */
export function domainPower(constraints: number, publicSignals: number): number {
  return Math.max(1, Math.ceil(Math.log2(constraints + publicSignals + 1)));
}

/** `domainPower` of a compiled circuit. @throws QuietproofError QP5014 if the field has no domain of that size */
export function circuitDomainPower(r1cs: R1cs): number {
  const power = domainPower(r1cs.nConstraints, publicCount(r1cs));
  if (power >= TWO_ADICITY) {
    throw new QuietproofError('QP5014', {
      what: `A circuit of ${r1cs.nConstraints} constraints is too large: 2^${TWO_ADICITY - 1} is the limit`,
      fix: 'Use a smaller model or fewer bits',
    });
  }
  return power;
}
