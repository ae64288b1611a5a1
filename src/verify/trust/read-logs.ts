import { integer, list, literal, type Reader, record, refuse, text } from '../json/read-json.ts';
import { type NoteKey, type NoteKeyKind, readNoteKey } from '../log/note.ts';
import type { LogTrust, Witness, WitnessKey } from '../log/witnessed.ts';
import { Refusal } from '../refusal.ts';
import { checkQuorum, contradiction, type KeyOwners } from './contradictions.ts';
import { time } from './time.ts';
import type { Party, TrustedKey, TrustedLog, TrustFile } from './trust-types.ts';

const MAX_LISTED = 256;
const MAX_KEYS = 16;

/** A key and since when it is none, as parties list their keys. */
export function keyInState(key: Reader<string>): Reader<TrustedKey<string>> {
  const form = record({ key, state: literal('active', 'retired', 'compromised') }, { since: time });
  return (json, at) => {
    const { state, since, ...found } = form(json, at);
    if (state === 'active' && since === undefined) return { ...found, state };
    if (state !== 'active' && since !== undefined) return { ...found, state, since };
    return refuse(at, 'has a state "active" and no "since", or another state and a "since"');
  };
}

export const trustedLog: Reader<TrustedLog> = record(
  { origin: text, operator: text, keys: list(text, 1, MAX_KEYS) },
  { witnesses: record({ least: integer(1), by: list(text, 1, MAX_LISTED) }, {}) },
);

/**
 * @param owners of all keys for statements
 * @throws Refusal QP7211 (it contradicts itself), QP7212 (a key that nothing can be relied on)
 */
export function readLogs({ parties, logs = [] }: TrustFile, owners: KeyOwners): Map<string, LogTrust> {
  const witnesses = new Map(
    Object.entries(parties).map(([name, party]) => [name, readWitness(name, party, owners)]),
  );
  const found = new Map<string, LogTrust>();
  for (const [index, one] of logs.entries()) {
    const where = `logs[${index}]`;
    const { origin, operator } = one;
    if (found.has(origin)) contradiction(`the log "${origin}" is listed again`, where);
    if (!Object.hasOwn(parties, operator)) contradiction(`"${operator}" is none of the parties`, where);
    const keys = one.keys.map((key, at) => {
      const read = readKey(key, 'note', `${where}.keys[${at}]`);
      // An operator may sign all of its logs with one key.
      owners.claim(read.publicKey, `the logs of ${operator}`, `${where}.keys[${at}]`, true);
      return read;
    });
    const { least = 0, by = [] } = one.witnesses ?? {};
    checkQuorum({ least, by }, parties, `${where}.witnesses`, (name) =>
      checkWitness(name, parties[name], one, where),
    );
    const of = by.flatMap((name) => witnesses.get(name) ?? []);
    found.set(origin, { origin, keys, witnesses: { least, of } });
  }
  return found;
}

function checkWitness(name: string, party: Party | undefined, { operator }: TrustedLog, where: string): void {
  if (party?.role === 'producer' || name === operator) {
    contradiction(`"${name}" is whom witnesses are to watch`, `${where}.witnesses`);
  }
  if (party?.witnessKeys === undefined) contradiction(`"${name}" has no witnessKeys`, `${where}.witnesses`);
}

function readWitness(name: string, { witnessKeys = [] }: Party, owners: KeyOwners): Witness {
  const keys = witnessKeys.flatMap((one, index): WitnessKey[] => {
    const where = `parties["${name}"].witnessKeys[${index}]`;
    const key = readKey(one.key, 'cosignature', where);
    owners.claim(key.publicKey, name, where);
    if (one.state === 'active') return [{ key }];
    // Whoever has a compromised key can write any time.
    return one.state === 'retired' ? [{ key, until: Date.parse(one.since) / 1000 }] : [];
  });
  return { name, keys };
}

function readKey(source: string, kind: NoteKeyKind, where: string): NoteKey {
  try {
    const key = readNoteKey(source);
    if (key.kind === kind) return key;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal('QP7212', { what: error.what, where });
  }
  const use = kind === 'note' ? 'signatures of logs' : 'cosignatures';
  throw new Refusal('QP7212', { what: `The key is none for ${use}`, where });
}
