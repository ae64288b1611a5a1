import { createHash, randomBytes } from 'node:crypto';
import type { Hex } from '@quietproof/verify';
import { firstRoundFrom } from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { BeaconRounds } from '../../log/examine/draw-again.ts';
import type { AuditedLog, DrawnFrom } from '../findings/findings-types.ts';
import type { OpeningsAsked } from './openings-asked.ts';

const TAG = 'quietproof/audit-sample/v1';
const NONCE_BYTES = 32;

/** A record whose input can be opened. */
export interface OpenableRecord {
  /** In the order of all records. */
  readonly place: number;
  /** 32 bytes: what is proved, without what anybody could write around it. */
  readonly identity: Uint8Array;
}

/**
 * What decides on a sample: SHA-256 of the final checkpoints, by origin, and of what nobody knew when they were signed.
 *
 * @throws QP6605 if a beacon is asked and there is no round of it that decides
 */
export async function drawnFrom(
  logs: readonly AuditedLog[],
  { nonce, beacon }: Pick<OpeningsAsked, 'nonce' | 'beacon'>,
): Promise<DrawnFrom> {
  const chance =
    beacon === undefined
      ? { nonce: nonce ?? randomBytes(NONCE_BYTES).toString('hex') }
      : { beacon: await roundAfter(logs, beacon) };
  const checkpoints = logs.map(({ origin, size, root }) => `${origin}\n${size}\n${root}\n`);
  const word =
    chance.beacon === undefined
      ? `nonce ${chance.nonce}\n`
      : `beacon ${chance.beacon.chain} ${chance.beacon.round} ${chance.beacon.randomness}\n`;
  const seed = createHash('sha256')
    .update([`${TAG}\n`, ...checkpoints, word].join(''))
    .digest('hex');
  return { ...chance, seed };
}

/** Nobody who signed the checkpoints could know it, if they were signed by the latest of the times that they show. */
async function roundAfter(
  logs: readonly AuditedLog[],
  beacon: BeaconRounds,
): Promise<NonNullable<DrawnFrom['beacon']>> {
  const times = logs.flatMap(({ time, witnesses, timestamps }) => [
    ...(time === undefined ? [] : [time]),
    ...witnesses.map((one) => one.time),
    ...timestamps.map(({ existedBy }) => existedBy),
  ]);
  const latest = times.sort().at(-1);
  if (latest === undefined) {
    throw new QuietproofError('QP6605', {
      what: 'A beacon draws after the last checkpoint, and no log shows the time of one',
      fix: 'Pass --nonce instead of --beacon',
    });
  }
  const { chain } = beacon;
  const number = firstRoundFrom(chain, Date.parse(latest) / 1000 + 1);
  const found = await beacon.round(number);
  if (found === undefined || found.beacon !== chain.hash || found.round !== number) {
    throw new QuietproofError('QP6605', {
      what: `Round ${number} of the beacon decides, the first after ${latest}, and is not there`,
      fix: 'Wait until it is out, and give it to --beacon',
    });
  }
  return { chain: chain.hash, round: number, randomness: Buffer.from(found.randomness).toString('hex') };
}

interface Ranked extends DrawnRecord {
  readonly rank: Buffer;
}

export interface DrawnRecord {
  readonly place: number;
  readonly identity: Hex;
}

/**
 * Draws records: those with the smallest SHA-256 of the seed and their identity. Whoever has the seed and the identities
 * draws the same, in any order.
 *
 * @returns in their order, and from how many they were drawn
 */
export function drawSample(
  records: Iterable<OpenableRecord>,
  seed: Hex,
  count: number,
): { readonly drawn: readonly DrawnRecord[]; readonly of: number } {
  const start = Buffer.from(seed, 'hex');
  let kept: Ranked[] = [];
  let of = 0;
  const cut = () => {
    kept = kept.sort((a, b) => Buffer.compare(a.rank, b.rank)).slice(0, count);
  };
  for (const { place, identity } of records) {
    of += 1;
    const rank = createHash('sha256').update(start).update(identity).digest();
    kept.push({ rank, place, identity: Buffer.from(identity).toString('hex') });
    if (kept.length >= 2 * count) cut();
  }
  cut();
  const drawn = kept.map(({ place, identity }) => ({ place, identity }));
  return { drawn: drawn.sort((a, b) => a.place - b.place), of };
}
