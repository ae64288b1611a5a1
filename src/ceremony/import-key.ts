import type { R1cs } from '../formats/r1cs.ts';
import { readZkey, type Zkey } from '../formats/zkey.ts';
import { checkBelongs } from '../key/check-belongs.ts';
import type { KeyChecker } from '../key/key-checker.ts';
import { wasmKeyChecker } from '../key/wasm-key-checker.ts';
import { checkSuccessor } from './check-successor.ts';
import { refuseDevelopmentKey } from './contribute.ts';
import { checkContributions } from './contributions.ts';

/**
 * Checks a ceremony key made elsewhere: it belongs to this circuit and its contributions lead to its δ. Does not check
 * that its points are in their groups: `checkKey` does.
 *
 * @param reference an earlier key of the ceremony, such as its first; if given, nothing but the contributions may differ from it
 * @throws QuietproofError QP5013, QP5021, QP5024, QP5032
 */
export async function checkImportedKey(
  bytes: Uint8Array,
  r1cs: R1cs,
  reference: Uint8Array | undefined,
  file: string,
  checker: KeyChecker = wasmKeyChecker,
): Promise<Zkey> {
  const zkey = readZkey(bytes, file);
  checkBelongs(zkey, r1cs, file);
  refuseDevelopmentKey(zkey, file);
  checkContributions(zkey, file);
  if (reference !== undefined) await checkSuccessor(readZkey(reference), zkey, file, checker);
  return zkey;
}

/**
 * Checks a ceremony key made elsewhere of which a later stage is at hand.
 *
 * @param later a key that continues it
 * @throws QuietproofError QP5013, QP5021, QP5024, QP5032
 */
export async function checkEarlierKey(
  bytes: Uint8Array,
  r1cs: R1cs,
  later: Uint8Array,
  file: string,
  checker: KeyChecker = wasmKeyChecker,
): Promise<Zkey> {
  const zkey = await checkImportedKey(bytes, r1cs, undefined, file, checker);
  await checkSuccessor(zkey, readZkey(later), file, checker);
  return zkey;
}
