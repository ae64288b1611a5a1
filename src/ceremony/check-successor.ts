import { randomBytes } from 'node:crypto';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Zkey } from '../formats/zkey.ts';
import { G1_BYTES } from '../formats/zkey-layout.ts';
import type { FfCurve } from '../key/snarkjs-session.ts';

/** Parts of a key that no contribution changes. */
const UNCHANGED = ['alpha1', 'beta1', 'beta2', 'gamma2', 'ic', 'coefficients', 'a', 'b1', 'b2'] as const;
const RANDOM_BYTES = 16;

/**
 * Checks that a key was derived from another by contributions only: C and H were divided by the factor that δ was
 * multiplied by, and everything else is unchanged. The caller has checked the contributions of both keys.
 *
 * @throws QuietproofError QP5021 (another circuit or ceremony), QP5024 (same origin, but C or H does not fit)
 */
export async function checkSuccessor(before: Zkey, after: Zkey, curve: FfCurve, file: string): Promise<void> {
  if (!equal(before.transcript.circuitHash, after.transcript.circuitHash))
    throw foreign('circuit hash', file);
  for (const shape of ['nWires', 'nPublic', 'domainSize'] as const) {
    if (before[shape] !== after[shape]) throw foreign(shape, file);
  }
  for (const part of UNCHANGED) if (!equal(before[part], after[part])) throw foreign(part, file);
  for (const [i, contribution] of before.transcript.contributions.entries()) {
    const continued = after.transcript.contributions[i];
    if (continued === undefined || !equal(continued.deltaAfter, contribution.deltaAfter)) {
      throw foreign(`contribution ${i + 1}`, file);
    }
  }
  for (const part of ['c', 'h'] as const) {
    if (await dividedByDelta(before, after, part, curve)) continue;
    const what = `The ${part.toUpperCase()} points do not match the contributions`;
    throw new QuietproofError('QP5024', { what, where: file, fix: 'Take the key from the ceremony again' });
  }
}

/** Whether e(Σ rᵢ·beforeᵢ, δ before) = e(Σ rᵢ·afterᵢ, δ after) for random rᵢ. */
async function dividedByDelta(before: Zkey, after: Zkey, part: 'c' | 'h', curve: FfCurve): Promise<boolean> {
  const count = before[part].length / G1_BYTES;
  if (count === 0) return true;
  const scalars = randomBytes(count * RANDOM_BYTES);
  const [one, other] = [
    await curve.G1.multiExpAffine(before[part], scalars),
    await curve.G1.multiExpAffine(after[part], scalars),
  ];
  if (curve.G1.isZero(one) || curve.G1.isZero(other)) return curve.G1.isZero(one) && curve.G1.isZero(other);
  return curve.pairingEq(one, before.delta2, curve.G1.neg(other), after.delta2);
}

function foreign(part: string, file: string): QuietproofError {
  return new QuietproofError('QP5021', {
    what: `The key does not continue this artifact's ceremony: its ${part} differs`,
    where: file,
    fix: 'Contribute to the circuit.zkey of this artifact, and import the result',
  });
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
