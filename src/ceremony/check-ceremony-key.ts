import type { Phase1, VerificationKeyJson } from '@quietproof/verify';
import { type KeyState, stateOf } from '../artifact/setup-file.ts';
import type { R1cs } from '../formats/r1cs.ts';
import { readZkey, type Zkey } from '../formats/zkey.ts';
import { checkKey } from '../key/check-key.ts';
import type { KeyChecker } from '../key/key-checker.ts';
import type { SetupReporter } from '../key/setup-progress.ts';
import { wasmKeyChecker } from '../key/wasm-key-checker.ts';
import { type CeremonyKey, ceremonySetup } from './ceremony-setup.ts';
import { checkSuccessor } from './check-successor.ts';
import { checkImportedKey } from './import-key.ts';
import type { KeyPreparer } from './key-preparer.ts';
import { ceremonyRecord } from './transcript.ts';

/** A ceremony key, and what it must follow from. */
export interface CeremonyKeyFiles {
  /** Content of the .zkey. */
  readonly key: Uint8Array;
  /** Its name, for errors. */
  readonly file: string;
  readonly r1cs: R1cs;
  /** The file that `r1cs` was read from. */
  readonly r1csBytes: Uint8Array;
  /** Path of the prepared phase-1 file. */
  readonly ptau: string;
}

/** A key that passed. */
export interface CheckedCeremonyKey {
  readonly zkey: Zkey;
  readonly phase1: Phase1;
  readonly state: KeyState;
  readonly verificationKey: VerificationKeyJson;
}

/**
 * Checks a whole ceremony key, at any stage, against its circuit and its phase 1, as `snarkjs zkey verify` does: it is
 * the key that the two give, and what was contributed since only divided C and H. Also checks that all of its points
 * are in their groups and that no known forgery verifies under it. Whether to trust the phase-1 file is up to the
 * caller: if it is not a published one, only its consistency is checked.
 *
 * @throws QuietproofError QP5001–QP5005, QP5014 (phase-1 file or circuit), QP5013, QP5021 (another circuit or phase 1),
 * QP5022 (a point is not in its group, or a forgery verifies), QP5024 (contributions), QP5032 (development key)
 */
export async function checkCeremonyKey(
  files: CeremonyKeyFiles,
  checker: KeyChecker = wasmKeyChecker,
  reporter: SetupReporter = {},
  preparer?: KeyPreparer,
): Promise<CheckedCeremonyKey> {
  const { r1cs, r1csBytes, ptau } = files;
  // The digest in every transcript is of all points of the first key, so there is no way around making it.
  const make = () => ceremonySetup(r1cs, r1csBytes, ptau, reporter, preparer);
  const { first, ...checked } = await checkAgainstFirst(files, make, checker);
  return { ...checked, phase1: first.ptau };
}

/**
 * The checks of `checkCeremonyKey`, given the first key.
 *
 * @param make makes it; called only for a key that passes every other check
 */
export async function checkAgainstFirst<First extends Pick<CeremonyKey, 'zkey'>>(
  { key, file, r1cs }: Pick<CeremonyKeyFiles, 'key' | 'file' | 'r1cs'>,
  make: () => Promise<First>,
  checker: KeyChecker,
): Promise<Omit<CheckedCeremonyKey, 'phase1'> & { readonly first: First }> {
  const zkey = await checkImportedKey(key, r1cs, undefined, file);
  const state = stateOf(ceremonyRecord(zkey).record);
  const verificationKey = await checkKey(zkey, state, file, checker);
  const first = await make();
  await checkSuccessor(readZkey(first.zkey), zkey, file, checker);
  return { zkey, state, verificationKey, first };
}
