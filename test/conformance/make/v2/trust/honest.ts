/** What everybody signs about the ceremony of the base, and a trust file that asks for it. */
import type { Json } from '../../canonical.ts';
import { ceremonyA } from '../bases.ts';
import { carried } from '../ceremony.ts';
import { envelope, keyId, noteKey, publicKey, sha } from './signing.ts';

export const NOW = '2026-11-27T12:00:00Z';
const STATEMENT = 'https://in-toto.io/Statement/v1';
const predicateType = (kind: string) => `https://quietproof.dev/attestation/${kind}/v1`;
const GENERATOR = ['1', '2', '1'];

export type Kind = 'contribution' | 'rederivation' | 'release';

function statement(kind: Kind, subject: Json, predicate: Json, by: string, date: string): Json {
  return {
    _type: STATEMENT,
    subject,
    predicateType: predicateType(kind),
    predicate: { signer: keyId(by), date, ...predicate },
  };
}

/** Of a step of the ceremony, counted from 1. */
export function contribution(index: number, by: string, bundle: Json = ceremonyA.copy()): Json {
  const { initialHash, contributions } = carried(bundle);
  const step = contributions[index - 1];
  const subject = [
    { name: 'ceremony', digest: { blake2b: initialHash } },
    { name: 'contribution', digest: { blake2b: bundle.model.setup.contributions[index - 1].hash } },
  ];
  const { transcript, deltaAfter } = step;
  const deltaBefore = index === 1 ? GENERATOR : contributions[index - 2].deltaAfter;
  const checked = { circuitId: bundle.model.ids.circuitId, phase1: bundle.model.setup.ptau };
  const predicate = { index, transcript, deltaBefore, deltaAfter, checked };
  return statement('contribution', subject, predicate, by, '2026-10-01T10:00:00Z');
}

const model = (bundle: Json) => [{ name: 'model', digest: { sha256: bundle.model.ids.modelId } }];

export function rederivation(by: string, bundle: Json = ceremonyA.copy()): Json {
  const { ids, manifest, setup } = bundle.model;
  const predicate = {
    circuitId: ids.circuitId,
    keyId: ids.keyId,
    source: manifest.chain.source,
    initialHash: carried(bundle).initialHash,
    phase1: setup.ptau,
    reservations: [],
  };
  return statement('rederivation', model(bundle), predicate, by, '2026-10-10T10:00:00Z');
}

export function release(by: string, bundle: Json = ceremonyA.copy()): Json {
  const predicate = { from: '2026-10-20T00:00:00Z' };
  return statement('release', model(bundle), predicate, by, '2026-10-15T10:00:00Z');
}

/** SHA-256 of a payload. */
export const digestOf = (text: string): string =>
  sha(Buffer.from(JSON.parse(text).payload, 'base64')).toString('hex');

/** The statements of the base, by who signed them. */
export interface Signed {
  ada: string;
  grace: string;
  audit: string;
  bank: string;
  more: string[];
}

export function honest(bundle?: Json): Signed {
  return {
    ada: envelope(contribution(1, 'ada', bundle), 'ada'),
    grace: envelope(contribution(2, 'grace', bundle), 'grace'),
    audit: envelope(rederivation('audit', bundle), 'audit'),
    bank: envelope(release('bank', bundle), 'bank'),
    more: [],
  };
}

const active = (name: string) => [{ key: publicKey(name), state: 'active' }];

export function trustFile(): Json {
  return {
    version: 'quietproof/trust/v1',
    parties: {
      Ada: { keys: active('ada') },
      Audit: { keys: active('audit') },
      Bank: { role: 'producer', keys: active('bank') },
      Grace: { keys: active('grace') },
      Watch: { keys: active('watch') },
    },
    rules: [
      { what: 'contribution', least: 2, by: ['Ada', 'Grace'] },
      { what: 'rederivation', least: 1, by: ['Audit', 'Watch'] },
      { what: 'release', least: 1, by: ['Bank'] },
    ],
    phase1: [{ blake2b: ceremonyA.copy().model.setup.ptau.blake2b, name: 'ours' }],
  };
}

/** Names of those whose statements count where all of them do. */
export const ALL = ['contribution:Ada', 'contribution:Grace', 'rederivation:Audit', 'release:Bank'];

/** The same, with a log of the producer, a witness who signs statements too and one who does not. */
export function trustWithLogs(): Json {
  const trust = trustFile();
  trust.parties.Watch.witnessKeys = [
    { key: noteKey('watch-w1', 4), state: 'active' },
    { key: noteKey('watch-w0', 4), state: 'retired', since: '2026-01-01T00:00:00Z' },
  ];
  trust.parties.Seer = { witnessKeys: [{ key: noteKey('seer', 4), state: 'active' }] };
  const key = noteKey('log', 1);
  trust.logs = [
    {
      origin: 'log.example/credit',
      operator: 'Bank',
      keys: [key, noteKey('log-2', 1)],
      witnesses: { least: 2, by: ['Watch', 'Seer'] },
    },
    { origin: 'log.example/fraud', operator: 'Bank', keys: [key] },
  ];
  return trust;
}
