import { hexToBytes } from '@noble/curves/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { G1Point } from '../key/point-types.ts';
import { RandomPoints } from './random-points.ts';
import type { BeaconContribution, PersonalContribution } from './transcript-types.ts';

/** Below it snarkjs makes no beacon. */
const MIN_BEACON_EXPONENT = 10;
/** All beacons of a transcript together hash at most 2^20 times: 1.5 s in a browser. */
const MAX_BEACON_ITERATIONS = 2 ** 20;

/** What must follow from a beacon's bytes. */
export interface BeaconKey {
  readonly secret: bigint;
  readonly g1S: G1Point;
}

/** What the bounds ask of a contribution. */
type Step = Pick<PersonalContribution, 'kind'> | Pick<BeaconContribution, 'kind' | 'beacon'>;

/** The first beacon whose iterations are out of bounds, or that exceeds the bound of all beacons together. */
export function beaconOutOfBounds(contributions: readonly Step[]): number | undefined {
  let left = MAX_BEACON_ITERATIONS;
  const found = contributions.findIndex((contribution) => {
    if (contribution.kind !== 'beacon') return false;
    const { iterationsExponent } = contribution.beacon;
    left -= 2 ** iterationsExponent;
    return iterationsExponent < MIN_BEACON_EXPONENT || left < 0;
  });
  return found === -1 ? undefined : found;
}

/** Whether verifiers make all beacons again; snarkjs also makes beacons that take them too long. */
export function checkableBeacons(contributions: readonly Step[]): boolean {
  return beaconOutOfBounds(contributions) === undefined;
}

/** Derives a beacon's secret and point again. The number of iterations must have been checked. */
export function beaconKey({ hash, iterationsExponent }: BeaconContribution['beacon']): BeaconKey {
  let bytes: Uint8Array = hexToBytes(hash);
  for (let count = 2 ** iterationsExponent; count > 0; count -= 1) bytes = sha256(bytes);
  const random = new RandomPoints(bytes);
  return { secret: random.scalar(), g1S: random.g1() };
}
