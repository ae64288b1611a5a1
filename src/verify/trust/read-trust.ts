import { decodeBase64 } from '../json/base64.ts';
import type { Hex } from '../json/encoded-types.ts';
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
import { Refusal } from '../refusal.ts';
import type { Phase1 } from '../transcript/phase-1.ts';
import { keyIdOf, publicKeyIn } from './ed25519.ts';
import { time } from './time.ts';
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
}

/** blake2b-512. */
export const blake2bHex = matching(/^[0-9a-f]{128}$/, 'a blake2b-512 in lower-case hex');
export const base64Text = matching(/^[A-Za-z0-9+/]+={0,2}$/, 'base64');
export const phase1: Reader<Phase1> = record({ blake2b: blake2bHex, name: text }, {});

const inState = { key: base64Text, state: literal('active', 'retired', 'compromised') };
const someKey = record(inState, { since: time });

const trustedKey: Reader<TrustedKey> = (json, at) => {
  const { key, state, since } = someKey(json, at);
  if (state === 'active' && since === undefined) return { key, state };
  if (state !== 'active' && since !== undefined) return { key, state, since };
  return refuse(at, 'has a state "active" and no "since", or another state and a "since"');
};

const party: Reader<Party> = record({ keys: list(trustedKey, 1, MAX_KEYS) }, { role: literal('producer') });

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
  { $schema: text, phase1: list(phase1, 1, MAX_RULES) },
);

/**
 * Reads a trust file, in any layout: people write it.
 *
 * @throws Refusal QP7210 (its form), QP7211 (it contradicts itself), QP7212 (a key that nothing can be relied on)
 */
export function parseTrust(source: string | Uint8Array): CheckedTrust {
  const file = readForm(source);
  const keys = keysOf(file);
  for (const [index, one] of file.rules.entries()) checkRule(one, file, `rules[${index}]`);
  const asked = new Set(file.rules.map(({ what }) => what));
  if (asked.has('contribution') !== asked.has('rederivation')) {
    contradiction(
      'rules of "contribution" and of "rederivation" stand together: neither shows enough alone',
      'rules',
    );
  }
  return { file, keys };
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

function keysOf({ parties: named }: TrustFile): Map<KeyId, KnownKey> {
  const keys = new Map<KeyId, KnownKey>();
  for (const [name, { keys: own, role }] of Object.entries(named)) {
    for (const [index, trusted] of own.entries()) {
      const where = `parties["${name}"].keys[${index}]`;
      const spki = decodeBase64(trusted.key, { code: 'QP7212', name: 'The public key', where });
      const publicKey = publicKeyIn(spki);
      if (publicKey === undefined) throw new Refusal('QP7212', { where });
      const id: Hex = keyIdOf(spki);
      // Distinct parties are counted: one key must not be two of them.
      if (keys.has(id)) contradiction(`the key of ${keys.get(id)?.party} is listed again`, where);
      keys.set(id, { party: name, isProducer: role === 'producer', trusted, publicKey });
    }
  }
  return keys;
}

function checkRule({ what, least, by }: TrustRule, { parties: named }: TrustFile, where: string): void {
  for (const name of by) {
    if (!Object.hasOwn(named, name)) contradiction(`"${name}" is none of the parties`, where);
    const isProducer = named[name]?.role === 'producer';
    if (isProducer && what !== 'release')
      contradiction(`"${name}" is a producer, whom this rule is to check`, where);
    if (!isProducer && what === 'release')
      contradiction(`"${name}" is no producer, and releases nothing`, where);
  }
  if (new Set(by).size < by.length) contradiction('a party is listed twice', where);
  if (least > by.length) contradiction(`it asks for ${least} of ${by.length} parties`, where);
}

function contradiction(what: string, where: string): never {
  throw new Refusal('QP7211', { what: `The trust file contradicts itself: ${what}`, where });
}
