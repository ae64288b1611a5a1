import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Zkey } from '../formats/zkey.ts';
import type { KeyChecker } from '../key/key-checker.ts';
import { isReducedH } from '../key/reduced-h.ts';
import { wasmKeyChecker } from '../key/wasm-key-checker.ts';

/** Parts of a key that no contribution changes. */
const UNCHANGED = ['alpha1', 'beta1', 'beta2', 'gamma2', 'ic', 'coefficients', 'a', 'b1', 'b2'] as const;

/**
 * Checks that a key was derived from another by contributions only: C and H were divided by the factor that δ was
 * multiplied by, and everything else is unchanged. The caller has checked the contributions of both keys.
 *
 * Says nothing about a key whose points are not in their groups, which `checkKey` refuses.
 *
 * @throws QuietproofError QP5021 (another circuit or ceremony), QP5024 (same origin, but C or H does not fit)
 */
export async function checkSuccessor(
  before: Zkey,
  after: Zkey,
  file: string,
  checker: KeyChecker = wasmKeyChecker,
): Promise<void> {
  if (!equal(before.transcript.circuitHash, after.transcript.circuitHash))
    throw foreignKey('circuit hash', file);
  for (const shape of ['nWires', 'nPublic', 'domainSize'] as const) {
    if (before[shape] !== after[shape]) throw foreignKey(shape, file);
  }
  for (const part of UNCHANGED) if (!equal(before[part], after[part])) throw foreignKey(part, file);
  for (const [i, contribution] of before.transcript.contributions.entries()) {
    const continued = after.transcript.contributions[i];
    if (continued === undefined || !equal(continued.deltaAfter, contribution.deltaAfter)) {
      throw foreignKey(`contribution ${i + 1}`, file);
    }
  }
  const part = await checker.findUndivided(before, after);
  // A key that came back from a ceremony in bellman's format.
  if (part === 'H' && (await isReducedH(before, after))) return;
  if (part !== undefined) throw undividedQuery(part, file);
}

/** The C or H points of a key are not those of its ceremony over its δ. */
export function undividedQuery(part: 'C' | 'H', file: string): QuietproofError {
  const what = `The ${part} points do not match the contributions`;
  return new QuietproofError('QP5024', { what, where: file, fix: 'Take the key from the ceremony again' });
}

function foreignKey(part: string, file: string): QuietproofError {
  return new QuietproofError('QP5021', {
    what: `The key does not continue this artifact's ceremony: its ${part} differs`,
    where: file,
    fix: 'Contribute to the circuit.zkey of this artifact, and import the result',
  });
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
