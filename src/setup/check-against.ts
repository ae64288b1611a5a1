import type { ContributionStatement } from '@quietproof/verify';
import { checkCeremonyKey } from '../ceremony/check-ceremony-key.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { keyCheckerFor } from './key-checker-for.ts';
import { preparerFor } from './preparer.ts';
import { type ArtifactCircuit, readCircuitFile } from './setup-files.ts';

/** What a contributor compared a key with: a statement of theirs says so, and nobody else can tell. */
export type CheckedAgainst = NonNullable<ContributionStatement['predicate']['checked']>;

/**
 * Checks a whole key, at any stage, against a circuit and a phase-1 file.
 *
 * @param own the circuit of the artifact that the key is in, where no other one is given
 * @throws QuietproofError QP1001 (no circuit), QP1002, QP4602, QP4603, QP5011 (it cannot be read), QP500x (phase 1),
 * QP5013, QP5021, QP5022, QP5024, QP5032 (the key)
 */
export async function checkAgainst(
  key: Uint8Array,
  file: string,
  { r1cs, ptau }: { readonly r1cs?: string; readonly ptau: string },
  own?: ArtifactCircuit,
): Promise<CheckedAgainst> {
  const circuit = r1cs === undefined ? own : await readCircuitFile(r1cs);
  if (circuit === undefined) {
    throw new QuietproofError('QP1001', {
      what: 'A key is compared with a circuit and a phase-1 file together',
      fix: 'Give --r1cs as well: ask whoever sent you the key for its circuit.r1cs',
    });
  }
  const { r1cs: parsed, bytes: r1csBytes } = circuit;
  const files = { key, file, r1cs: parsed, r1csBytes, ptau };
  const { phase1 } = await checkCeremonyKey(files, keyCheckerFor(file), {}, preparerFor());
  return { circuitId: circuit.circuitId, phase1 };
}
