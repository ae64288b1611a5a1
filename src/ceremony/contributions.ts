import { createHash } from 'node:crypto';
import type { SetupContribution } from '@quietproof/verify';
import { ChaCha } from 'ffjavascript';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Zkey } from '../formats/zkey.ts';
import type { ZkeyContribution } from '../formats/zkey-contributions.ts';
import { uncompressed } from '../key/key-points.ts';
import type { FfCurve } from '../key/snarkjs-session.ts';

/** Characters that a verifier's records do not accept; they are replaced in names from elsewhere. */
const UNPRINTABLE = /[\p{C}\u2028\u2029]/gu;

/** The contributions of a key in the form of its setup record. The hash is the one that snarkjs prints. */
export function contributionRecords(zkey: Zkey): SetupContribution[] {
  return zkey.transcript.contributions.map((contribution) => ({
    name: contribution.name.replace(UNPRINTABLE, '?'),
    hash: blake2b(publicKeyParts(contribution)).toString('hex'),
    kind: contribution.kind,
  }));
}

/**
 * Checks that the contributions lead from δ = generator to the key's δ, and that each contributor knew the factor
 * (snarkjs `zkey_verify_frominit.js`; Bowe, Gabizon, Miers, "Scalable multi-party computation", 2017). Does not check
 * whether a beacon really is one, because a false claim gains nothing.
 *
 * @throws QuietproofError QP5024
 */
export async function checkContributions(zkey: Zkey, curve: FfCurve, file: string): Promise<void> {
  const seen: Uint8Array[] = [zkey.transcript.circuitHash];
  let delta = curve.G1.g;
  for (const [i, c] of zkey.transcript.contributions.entries()) {
    const fail = (what: string) => inconsistent(`${what} (contribution ${i + 1})`, file);
    const transcript = blake2b([...seen, uncompressed(c.g1S), uncompressed(c.g1Sx)]);
    if (!transcript.equals(c.transcript))
      throw fail('The transcript does not match the earlier contributions');
    const g2S = hashToG2(curve, c.transcript);
    if (!(await sameRatio(curve, c.g1S, c.g1Sx, g2S, c.g2Spx))) throw fail('The proof of knowledge fails');
    if (!(await sameRatio(curve, delta, c.deltaAfter, g2S, c.g2Spx)))
      throw fail('Delta changed by another factor');
    seen.push(...publicKeyParts(c));
    delta = c.deltaAfter;
  }
  if (!curve.G1.eq(delta, zkey.delta1)) throw inconsistent('The contributions end in another delta', file);
  if (!(await sameRatio(curve, curve.G1.g, zkey.delta1, curve.G2.g, zkey.delta2))) {
    throw inconsistent('Delta differs between the two groups', file);
  }
}

/** Whether the discrete logarithms satisfy b1 / a1 = b2 / a2. False if a point is at infinity. */
export async function sameRatio(
  curve: FfCurve,
  a1: Uint8Array,
  b1: Uint8Array,
  a2: Uint8Array,
  b2: Uint8Array,
): Promise<boolean> {
  const { G1, G2 } = curve;
  if (G1.isZero(a1) || G1.isZero(b1) || G2.isZero(a2) || G2.isZero(b2)) return false;
  return curve.pairingEq(a1, b2, G1.neg(b1), a2);
}

function inconsistent(what: string, file: string): QuietproofError {
  return new QuietproofError('QP5024', { what, where: file, fix: 'Take the key from the ceremony again' });
}

function publicKeyParts(c: ZkeyContribution): Uint8Array[] {
  return [...[c.deltaAfter, c.g1S, c.g1Sx, c.g2Spx].map(uncompressed), c.transcript];
}

function blake2b(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('blake2b512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** snarkjs' hash to G2, a point of unknown logarithm: ChaCha seeded with the first 32 bytes. */
function hashToG2(curve: FfCurve, hash: Uint8Array): Uint8Array {
  const view = new DataView(hash.buffer, hash.byteOffset, hash.byteLength);
  return curve.G2.fromRng(new ChaCha(Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i))));
}
