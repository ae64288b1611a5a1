import { decodeBase64 } from '../json/base64.ts';
import { parseJson } from '../json/parse-json.ts';
import {
  asObject,
  integer,
  isPrintable,
  list,
  literal,
  matching,
  type Reader,
  record,
  refuse,
  text,
  version,
} from '../json/read-json.ts';
import type { LogTrust } from '../log/witnessed.ts';
import { Refusal } from '../refusal.ts';
import type { Phase1 } from '../transcript/phase-1.ts';
import { checkQuorum, contradiction, KeyOwners } from './contradictions.ts';
import { keyIdOf, publicKeyIn } from './ed25519.ts';
import { keyInState, readLogs, trustedLog } from './read-logs.ts';
import {
  type KeyId,
  type Party,
  TRUST_VERSION,
  type TrustedKey,
  type TrustFile,
  type TrustRule,
} from './trust-types.ts';

const MAX_PARTIES = 256;
const MAX_KEYS = 16;
const MAX_RULES = 64;
const MAX_LOGS = 64;
const MAX_NAME = 128;

/** A trusted key with whose it is. */
export interface KnownKey {
  readonly party: string;
  readonly isProducer: boolean;
  readonly trusted: TrustedKey;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** A trust file that does not contradict itself. Only `parseTrust` makes it. */
export interface CheckedTrust {
  readonly file: TrustFile;
  readonly keys: ReadonlyMap<KeyId, KnownKey>;
  /** By origin. */
  readonly logs: ReadonlyMap<string, LogTrust>;
}

/** blake2b-512. */
export const blake2bHex = matching(/^[0-9a-f]{128}$/, 'a blake2b-512 in lower-case hex');
export const base64Text = matching(/^[A-Za-z0-9+/]+={0,2}$/, 'base64');
export const phase1: Reader<Phase1> = record({ blake2b: blake2bHex, name: text }, {});

const trustedKey: Reader<TrustedKey> = keyInState(base64Text);

const someParty: Reader<Party> = record(
  {},
  {
    role: literal('producer'),
    keys: list(trustedKey, 1, MAX_KEYS),
    witnessKeys: list(keyInState(text), 1, MAX_KEYS),
  },
);

const party: Reader<Party> = (json, at) => {
  const read = someParty(json, at);
  if (read.keys === undefined && read.witnessKeys === undefined) refuse(at, 'needs keys or witnessKeys');
  return read;
};

const parties: Reader<Record<string, Party>> = (json, at) => {
  const members = asObject(json, at);
  if (members.size === 0 || members.size > MAX_PARTIES) refuse(at, `must name 1 to ${MAX_PARTIES} parties`);
  return Object.fromEntries(
    [...members].map(([name, one]) => [requireName(name, at), party(one, `${at}["${name}"]`)]),
  );
};

function requireName(name: string, at: string): string {
  const usable = isPrintable(name) && name.length <= MAX_NAME && name.trim() === name && name !== '';
  return usable ? name : refuse(at, `has a name that is not printable text of 1 to ${MAX_NAME} characters`);
}

const rule: Reader<TrustRule> = record(
  {
    what: literal('contribution', 'rederivation', 'release'),
    least: integer(1),
    by: list(text, 1, MAX_PARTIES),
  },
  {},
);

const trustFile: Reader<TrustFile> = record(
  { version: version(TRUST_VERSION), parties, rules: list(rule, 1, MAX_RULES) },
  { $schema: text, phase1: list(phase1, 1, MAX_RULES), logs: list(trustedLog, 1, MAX_LOGS) },
);

/**
 * Reads a trust file, in any layout: people write it.
 *
 * @throws Refusal QP7210 (its form), QP7211 (it contradicts itself), QP7212 (a key that nothing can be relied on)
 */
export function parseTrust(source: string | Uint8Array): CheckedTrust {
  const file = readForm(source);
  const owners = new KeyOwners();
  const keys = keysOf(file, owners);
  for (const [index, one] of file.rules.entries()) checkRule(one, file, `rules[${index}]`);
  const asked = new Set(file.rules.map(({ what }) => what));
  if (asked.has('contribution') !== asked.has('rederivation')) {
    contradiction(
      'rules of "contribution" and of "rederivation" stand together: neither shows enough alone',
      'rules',
    );
  }
  return { file, keys, logs: readLogs(file, owners) };
}

function readForm(source: string | Uint8Array): TrustFile {
  try {
    return trustFile(parseJson(source), '');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const what = `The trust file cannot be read: ${error.what}`;
    throw new Refusal('QP7210', error.where === undefined ? { what } : { what, where: error.where });
  }
}

function keysOf({ parties: named }: TrustFile, owners: KeyOwners): Map<KeyId, KnownKey> {
  const keys = new Map<KeyId, KnownKey>();
  for (const [name, { keys: own = [], role }] of Object.entries(named)) {
    for (const [index, trusted] of own.entries()) {
      const where = `parties["${name}"].keys[${index}]`;
      const spki = decodeBase64(trusted.key, { code: 'QP7212', name: 'The public key', where });
      const publicKey = publicKeyIn(spki);
      if (publicKey === undefined) throw new Refusal('QP7212', { where });
      owners.claim(publicKey, name, where);
      keys.set(keyIdOf(spki), { party: name, isProducer: role === 'producer', trusted, publicKey });
    }
  }
  return keys;
}

function checkRule({ what, least, by }: TrustRule, { parties: named }: TrustFile, where: string): void {
  checkQuorum({ least, by }, named, where, (name) => {
    const one = named[name];
    const isProducer = one?.role === 'producer';
    if (isProducer && what !== 'release') {
      contradiction(`"${name}" is a producer, whom this rule is to check`, where);
    }
    if (!isProducer && what === 'release') {
      contradiction(`"${name}" is no producer, and releases nothing`, where);
    }
    if (one?.keys === undefined) contradiction(`"${name}" has no keys for statements`, where);
  });
}

/** @throws Refusal QP7711 */
export function trustOfLog({ logs }: CheckedTrust, origin: string): LogTrust {
  const found = logs.get(origin);
  if (found === undefined) throw new Refusal('QP7711', { where: origin });
  return found;
}
