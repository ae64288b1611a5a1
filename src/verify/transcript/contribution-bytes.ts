import { bytesToHex, concatBytes, hexToBytes, numberToBytesBE } from '@noble/curves/utils.js';
import { blake2b } from '@noble/hashes/blake2.js';
import type { G1Json, G2Json } from '../key/key-types.ts';
import type { Blake2b, Contribution } from './transcript-types.ts';

const COORDINATE_BYTES = 32;

/** A point as phase-2 transcripts hash it: big-endian coordinates, with the u part of each first. */
function pointBytes([x, y]: G1Json | G2Json): Uint8Array {
  const coordinates = [x, y].flatMap((one) => (typeof one === 'string' ? [one] : [one[1], one[0]]));
  return concatBytes(...coordinates.map((one) => numberToBytesBE(BigInt(one as string), COORDINATE_BYTES)));
}

/** What later contributions hash of an earlier one, as one text of bytes. */
function publicKeyBytes({ deltaAfter, g1S, g1Sx, g2Spx, transcript }: Contribution): Uint8Array {
  return concatBytes(...[deltaAfter, g1S, g1Sx, g2Spx].map(pointBytes), hexToBytes(transcript));
}

/** The hash of a contribution, which snarkjs prints and the setup lists. Coordinates must be below q. */
export function contributionHash(contribution: Contribution): Blake2b {
  return bytesToHex(blake2b(publicKeyBytes(contribution)));
}

/** The hash that each contribution must contain. Coordinates must be below q. */
export function transcriptHashes(initialHash: Blake2b, contributions: readonly Contribution[]): Blake2b[] {
  const before = blake2b.create({}).update(hexToBytes(initialHash));
  return contributions.map((contribution) => {
    const own = before.clone().update(pointBytes(contribution.g1S)).update(pointBytes(contribution.g1Sx));
    before.update(publicKeyBytes(contribution));
    return bytesToHex(own.digest());
  });
}
