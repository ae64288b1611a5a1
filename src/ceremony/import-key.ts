import type { R1cs } from '../formats/r1cs.ts';
import { readZkey, type Zkey } from '../formats/zkey.ts';
import { checkBelongs } from '../key/check-belongs.ts';
import { withCurve } from '../key/snarkjs-session.ts';
import { checkSuccessor } from './check-successor.ts';
import { refuseDevelopmentKey } from './contribute.ts';
import { checkContributions } from './contributions.ts';

/**
 * Checks a ceremony key made elsewhere: it belongs to this circuit and its contributions lead to its δ.
 *
 * @param reference the key that the ceremony started from; if given, nothing but the contributions may differ from it
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
    checkContributions(zkey, file);
    if (reference !== undefined) await checkSuccessor(readZkey(reference), zkey, curve, file);
  });
  return zkey;
}
