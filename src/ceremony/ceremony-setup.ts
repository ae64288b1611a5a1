import { type Phase1, phase1Name, UNRECOGNISED } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { circuitDomainPower } from '../formats/evaluation-domain.ts';
import { PtauFile } from '../formats/ptau.ts';
import type { R1cs } from '../formats/r1cs.ts';
import type { SetupReporter } from '../key/setup-progress.ts';
import type { KeyPreparer } from './key-preparer.ts';
import { phase1Digest } from './phase1-digest.ts';
import { snarkjsPreparer } from './snarkjs-preparer.ts';

export interface CeremonyKey {
  /** A key without contributions: δ is the generator, so anyone can forge proofs under it. */
  readonly zkey: Uint8Array;
  readonly ptau: Phase1;
}

/** Power of the smallest published file. */
const SMALLEST_PUBLISHED_POWER = 8;

/**
 * Starts phase 2 from a phase-1 file. If the file is not a published one, the points that this circuit
 * uses are checked for consistency; whether to trust its contributors is up to the caller.
 *
 * @param r1csBytes the file that `r1cs` was read from
 * @throws QuietproofError QP5001 (cannot be parsed), QP5002 (too small), QP5003 (not prepared), QP5004 (another
 * curve), QP5005 (inconsistent), QP5014 (circuit too large)
 */
export async function ceremonySetup(
  r1cs: R1cs,
  r1csBytes: Uint8Array,
  ptauPath: string,
  { signal }: SetupReporter = {},
  preparer: KeyPreparer = snarkjsPreparer,
): Promise<CeremonyKey> {
  const power = circuitDomainPower(r1cs);
  const ptau = await PtauFile.open(ptauPath);
  try {
    checkHeader(ptau, power, ptauPath);
    const blake2b = await phase1Digest(ptauPath, signal);
    const name = phase1Name(blake2b);
    const preparation = { r1cs, r1csBytes, ptau: ptauPath, power, signal };
    if (name === UNRECOGNISED) await preparer.check(preparation);
    signal?.throwIfAborted();
    const zkey = await preparer.newKey(preparation);
    return { zkey, ptau: { blake2b, name } };
  } finally {
    await ptau.close();
  }
}

function checkHeader({ header }: PtauFile, power: number, where: string): void {
  if (header.power < power) {
    const published = String(Math.max(power, SMALLEST_PUBLISHED_POWER)).padStart(2, '0');
    throw new QuietproofError('QP5002', {
      what: `The ceremony file has power ${header.power} and the circuit needs ${power}`,
      where,
      fix: `Use a file of power ${power} or more, e.g. powersOfTau28_hez_final_${published}.ptau`,
    });
  }
  if (!header.prepared) {
    const fix = 'Run: snarkjs powersoftau prepare phase2 <this file> <new file>';
    throw new QuietproofError('QP5003', { where, fix });
  }
}
