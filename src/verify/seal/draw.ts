import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import { leafHash } from '../log/merkle.ts';
import { TAGS, taggedHash } from '../tagged-hash.ts';
import { type BeaconChain, firstRoundFrom, roundTime } from './beacon-chain.ts';
import type { AnswerEntry, NamedRound } from './entry-types.ts';
import { type LogPlace, placeBytes } from './log-place.ts';
import { sealRefusal } from './seal-refusal.ts';
import { type Share, shareFraction } from './share.ts';

const RANDOMNESS_BYTES = 32;

export interface Draw extends LogPlace {
  /** As it stands in the log. */
  readonly entry: Uint8Array;
  /** 32 bytes: of a round of a beacon, or chosen by the caller after the promise. */
  readonly randomness: Uint8Array;
  readonly share: Share;
}

/**
 * Whether an answer is drawn: H(tag ‖ place ‖ hash of the entry ‖ randomness), read as a number, is below share · 2^256,
 * exactly. Each answer is drawn by itself, so that nothing that others do changes it.
 */
export function isDrawn({ entry, randomness, share, ...place }: Draw): boolean {
  if (randomness.length !== RANDOMNESS_BYTES)
    throw new RangeError(`randomness has ${RANDOMNESS_BYTES} bytes`);
  const content = concatBytes(placeBytes(place), leafHash(entry), randomness);
  const drawn = BigInt(`0x${bytesToHex(taggedHash(TAGS.draw, content))}`);
  const { numerator, denominator } = shareFraction(share);
  return drawn * denominator < numerator << 256n;
}

/**
 * Checks that an entry names the round that it has to: the first that is not out before its time and the delay. An
 * earlier one may have been known when it was sealed, a later one delays its proof.
 *
 * @param delay seconds
 * @throws Refusal QP7752 to QP7754
 */
export function checkNamedRound(entry: AnswerEntry, chain: BeaconChain, delay: number): NamedRound {
  const { draw, time } = entry;
  if (draw === undefined) throw sealRefusal('QP7752');
  if (draw.beacon !== chain.hash) throw sealRefusal('QP7752', { where: `it names beacon ${draw.beacon}` });
  const first = firstRoundFrom(chain, time + delay);
  if (draw.round === first) return draw;
  const where = `round ${draw.round}, of ${roundTime(chain, draw.round)}; sealed at ${time}, which gives round ${first}`;
  throw sealRefusal(draw.round < first ? 'QP7753' : 'QP7754', { where });
}
