import { type Contribution, checkableBeacons } from '@quietproof/verify';
import { zKey } from 'snarkjs';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { commandLine } from '../text/command-line.ts';
import type { Contributor } from './contribute.ts';

/** Public randomness of a moment after the last contribution, e.g. a block hash or a drand round. */
export interface Beacon {
  /** 1 to 255 bytes. */
  readonly hash: Uint8Array;
  /** Binary logarithm of how often it is hashed, so that nobody can compute the outcome before the bytes are public. */
  readonly iterationsExponent: number;
}

/** The least that the format allows, and what snarkjs' documentation uses. */
export const DEFAULT_ITERATIONS_EXPONENT = 10;

/**
 * @param hex the bytes, as hex digits in either case
 * @throws QuietproofError QP5037
 */
export function parseBeacon(hex: string, iterationsExponent = DEFAULT_ITERATIONS_EXPONENT): Beacon {
  if (!/^([0-9a-fA-F]{2}){1,255}$/.test(hex)) {
    throw new QuietproofError('QP5037', {
      what: 'A beacon is 1 to 255 bytes, written as hex digits',
      fix: 'Give its bytes, e.g. --beacon 0123abcd…, without 0x',
    });
  }
  return { hash: Buffer.from(hex, 'hex'), iterationsExponent };
}

/**
 * Refuses a beacon that would not end a ceremony: every verifier makes all beacons again, and leaves a transcript unread
 * where that takes too long.
 *
 * @param before the contributions that it would follow
 * @throws QuietproofError QP5037 (its iterations), QP5038 (nobody has contributed, or there is a last beacon already)
 */
export function requireLast(before: readonly Contribution[], beacon: Beacon, artifact: string): void {
  if (before.every(({ kind }) => kind === 'beacon')) {
    throw new QuietproofError('QP5038', {
      what: 'A beacon comes last, and nobody has contributed yet',
      where: artifact,
      fix: `Run \`${commandLine(['contribute', artifact])}\` first`,
    });
  }
  const last = before.at(-1);
  if (last?.kind === 'beacon') {
    throw new QuietproofError('QP5038', {
      what: `The ceremony has ended already, with the beacon ${last.beacon.hash}`,
      where: artifact,
      fix: 'Nothing is left to do; after another contribution it can end again',
    });
  }
  const own = {
    hash: Buffer.from(beacon.hash).toString('hex'),
    iterationsExponent: beacon.iterationsExponent,
  };
  if (checkableBeacons([...before, { kind: 'beacon', beacon: own }])) return;
  throw new QuietproofError('QP5037', {
    what: `Verifiers repeat 2^10 to 2^20 iterations of all beacons together, not 2^${beacon.iterationsExponent} here`,
    where: artifact,
    fix: 'Give --iterations 10 to 20, less if there was a beacon before',
  });
}

/** Adds a beacon with snarkjs. */
export function snarkjsBeacon({ hash, iterationsExponent }: Beacon): Contributor {
  return async (before, name) => {
    const target = { type: 'mem' as const, initialSize: before.length + 4096, data: new Uint8Array() };
    await zKey.beacon(before, target, name, Buffer.from(hash).toString('hex'), iterationsExponent);
    return target.data;
  };
}
