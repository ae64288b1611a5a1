import { bn254 } from '@noble/curves/bn254.js';
import { hexToBytes } from '@noble/curves/utils.js';
import type { G2Json } from '../key/key-types.ts';
import type { G1Point, G2Point } from '../key/point-types.ts';
import { decodeG1, decodeG2, type PointCodes } from '../key/points.ts';
import { type Lines, lines, pair } from '../key/prepared-key.ts';
import { Refusal, type RefusalCode } from '../refusal.ts';
import { beaconKey, beaconOutOfBounds } from './beacon.ts';
import { transcriptHashes } from './contribution-bytes.ts';
import { hashToG2 } from './random-points.ts';
import type { Contribution, Transcript } from './transcript-types.ts';

const TRANSCRIPT_POINTS: PointCodes = {
  modulus: 'QP7182',
  curve: 'QP7182',
  infinity: 'QP7182',
  subgroup: 'QP7183',
};

/** The points of a contribution, each on its curve and in the prime-order group. */
interface DecodedContribution {
  readonly at: string;
  readonly deltaAfter: G1Point;
  readonly g1S: G1Point;
  readonly g1Sx: G1Point;
  readonly g2Spx: G2Point;
}

/**
 * Checks that the contributions lead from δ = generator to the key's δ, and that the secret of each was known to whoever
 * made it (SPEC.md, section 21, which also says what this does not show; Bowe, Gabizon, Miers, "Scalable multi-party
 * computation for zk-SNARK parameters in the random beacon model", 2017). What is cheap is checked first, for all.
 *
 * @param delta of the key, in G2; e(δ₁, H) = e(G, δ₂) ties both to the same factor
 * @throws Refusal QP7182 to QP7189, naming the contribution
 */
export function checkChain(
  { initialHash, contributions }: Pick<Transcript, 'initialHash' | 'contributions'>,
  delta: G2Json,
): void {
  const decoded = contributions.map(decode);
  checkHashes(initialHash, contributions);
  checkBeacons(contributions, decoded);
  let before: G1Point = bn254.G1.Point.BASE;
  for (const [index, points] of decoded.entries()) {
    checkSecret(points, before, (contributions[index] as Contribution).transcript);
    before = points.deltaAfter;
  }
  const inG2 = [bn254.G2.Point.BASE as G2Point, decodeG2(delta, TRANSCRIPT_POINTS, 'vk_delta_2')] as const;
  if (!sameRatio([bn254.G1.Point.BASE, before], [lines(inG2[0]), lines(inG2[1])]))
    throw new Refusal('QP7187');
}

function decode(contribution: Contribution, index: number): DecodedContribution {
  const at = `contribution ${index + 1}`;
  const g1 = (name: 'deltaAfter' | 'g1S' | 'g1Sx') =>
    decodeG1(contribution[name], TRANSCRIPT_POINTS, `${at}, ${name}`);
  return {
    at,
    deltaAfter: g1('deltaAfter'),
    g1S: g1('g1S'),
    g1Sx: g1('g1Sx'),
    g2Spx: decodeG2(contribution.g2Spx, TRANSCRIPT_POINTS, `${at}, g2Spx`),
  };
}

function checkHashes(initialHash: string, contributions: readonly Contribution[]): void {
  const expected = transcriptHashes(initialHash, contributions);
  const wrong = contributions.findIndex(({ transcript }, index) => transcript !== expected[index]);
  if (wrong !== -1) throw new Refusal('QP7184', { where: `contribution ${wrong + 1}` });
}

function checkBeacons(contributions: readonly Contribution[], decoded: readonly DecodedContribution[]): void {
  const tooMany = beaconOutOfBounds(contributions);
  if (tooMany !== undefined) throw new Refusal('QP7188', { where: `contribution ${tooMany + 1}` });
  for (const [index, contribution] of contributions.entries()) {
    if (contribution.kind !== 'beacon') continue;
    const { at, g1S, g1Sx } = decoded[index] as DecodedContribution;
    const derived = beaconKey(contribution.beacon);
    // The other points follow from the secret by the checks that every contribution passes.
    const holds = derived.g1S.equals(g1S) && g1S.multiplyUnsafe(derived.secret).equals(g1Sx);
    if (!holds) throw new Refusal('QP7189', { where: at });
  }
}

/** The secret that relates g1S and g1Sx was known, and δ was multiplied by it. */
function checkSecret(points: DecodedContribution, before: G1Point, transcript: string): void {
  const { at, g1S, g1Sx, deltaAfter, g2Spx } = points;
  const hashed: [Lines, Lines] = [lines(hashToG2(hexToBytes(transcript))), lines(g2Spx)];
  const must = (holds: boolean, code: RefusalCode) => {
    if (!holds) throw new Refusal(code, { where: at });
  };
  must(sameRatio([g1S, g1Sx], hashed), 'QP7185');
  must(sameRatio([before, deltaAfter], hashed), 'QP7186');
}

/** Whether b₁ / a₁ = b₂ / a₂ as discrete logarithms, for points of order r: e(a₁, b₂) = e(b₁, a₂). */
function sameRatio([a1, b1]: readonly [G1Point, G1Point], [a2, b2]: readonly [Lines, Lines]): boolean {
  const product = bn254.millerLoopBatch([pair(b2, a1), pair(a2, b1.negate())]);
  const { Fp12 } = bn254.fields;
  return Fp12.eql(Fp12.finalExponentiate(product), Fp12.ONE);
}
