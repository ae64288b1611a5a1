import { Refusal } from '../refusal.ts';
import type { Checkpoint } from './checkpoint.ts';
import { equal } from './merkle.ts';
import { type CheckedSignature, checkSignatures, type NoteKey } from './note.ts';

/** Somebody who states which tree of a log was the largest that they had seen, and when (C2SP tlog-cosignature). */
export interface Witness {
  /** For people. */
  readonly name: string;
  /** However many keys have signed, it is one witness. */
  readonly keys: readonly WitnessKey[];
}

export interface WitnessKey {
  readonly key: NoteKey;
  /** Seconds since 1970. Cosignatures of this time or later do not count. */
  readonly until?: number;
}

/** A log, and what a reader asks for before its checkpoints count. */
export interface LogTrust {
  readonly origin: string;
  /** Keys of the log: one of them must have signed. */
  readonly keys: readonly NoteKey[];
  readonly witnesses: WitnessQuorum;
}

export interface WitnessQuorum {
  /** How many different witnesses must have cosigned; 0 asks for none. */
  readonly least: number;
  readonly of: readonly Witness[];
}

/** A witness whose cosignatures count, with the times that they state, in seconds since 1970. */
export interface Sighting {
  readonly witness: string;
  readonly first: number;
  readonly last: number;
}

/** Which witnesses have cosigned a checkpoint, and when. Times are undefined if none was asked for. */
export interface Witnessed {
  readonly sightings: readonly Sighting[];
  /** The checkpoint existed at this time: as many witnesses as were asked for say so. */
  readonly existedBy: number | undefined;
  /** At this time, as many witnesses had seen no larger tree. */
  readonly largestAt: number | undefined;
}

/**
 * Checks that enough witnesses have cosigned a checkpoint. Whether it is the log's, `checkCheckpoint` checks.
 *
 * @param at now, in seconds since 1970: later cosignatures do not count
 * @throws Refusal QP7703 if a signature that names a key of a witness does not hold; QP7710 if too few have cosigned
 */
export function checkWitnesses(checkpoint: Checkpoint, { keys, witnesses }: LogTrust, at: number): Witnessed {
  const { least, of } = witnesses;
  const signed = checkSignatures(
    checkpoint.note,
    of.flatMap((one) => one.keys.map(({ key }) => key)),
  );
  // Whoever has a key of the log would witness itself.
  const counting = signed.filter(({ key }) => !keys.some((own) => equal(own.publicKey, key.publicKey)));
  const sightings = of.flatMap((one) => sightingOf(one, counting, at));
  if (sightings.length < least) {
    const found = sightings.length === 0 ? 'none' : sightings.map(({ witness }) => witness).join(', ');
    throw new Refusal('QP7710', { where: `${least} asked for, of ${of.length}; found: ${found}` });
  }
  if (least === 0) return { sightings, existedBy: undefined, largestAt: undefined };
  const firsts = sightings.map(({ first }) => first).sort((a, b) => a - b);
  const lasts = sightings.map(({ last }) => last).sort((a, b) => b - a);
  return { sightings, existedBy: firsts[least - 1], largestAt: lasts[least - 1] };
}

function sightingOf({ name, keys }: Witness, signed: readonly CheckedSignature[], at: number): Sighting[] {
  const times = signed.flatMap(({ key, time }) => {
    const own = keys.find((one) => one.key.name === key.name && one.key.keyId === key.keyId);
    // A plain signature states no time, and neither does 0.
    if (own === undefined || time === undefined || time === 0 || time > at) return [];
    return own.until !== undefined && time >= own.until ? [] : [time];
  });
  if (times.length === 0) return [];
  return [{ witness: name, first: Math.min(...times), last: Math.max(...times) }];
}
