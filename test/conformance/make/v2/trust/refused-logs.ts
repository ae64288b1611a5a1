import type { Json } from '../../canonical.ts';
import { noteKey, publicKey, SPKI, spkiOf } from './signing.ts';

type Refused = readonly [id: string, what: string, code: string, change: (trust: Json) => void];

/** Names, ids and keys that do not belong together. */
const changed = (change: (key: string) => string) => (trust: Json) => {
  trust.logs[0].keys[0] = change(trust.logs[0].keys[0]);
};
const ofWitness = (key: string) => (trust: Json) => {
  trust.parties.Seer.witnessKeys[0].key = key;
};
const IDENTITY = Buffer.from(`01${'00'.repeat(31)}`, 'hex');
const ofSigner = (name: string) => spkiOf(name).subarray(SPKI.length);

/** Trust files whose logs or witnesses say nothing, or contradict themselves: changes of `trustWithLogs`. */
export const REFUSED_LOGS: readonly Refused[] = [
  ['logs-empty', 'No logs', 'QP7210', (trust) => (trust.logs = [])],
  ['log-without-keys', 'A log without keys', 'QP7210', (trust) => (trust.logs[0].keys = [])],
  [
    'log-unknown-member',
    'A member of a log that is not known',
    'QP7210',
    (trust) => (trust.logs[0].url = ''),
  ],
  [
    'log-least-zero',
    'A log that asks for no witness',
    'QP7210',
    (trust) => (trust.logs[0].witnesses.least = 0),
  ],
  [
    'party-without-any-key',
    'A party without keys of any kind',
    'QP7210',
    (trust) => (trust.parties.Seer = {}),
  ],
  [
    'witness-key-active-since',
    'An active key of a witness with a time',
    'QP7210',
    (trust) => (trust.parties.Seer.witnessKeys[0].since = '2026-01-01T00:00:00Z'),
  ],
  [
    'log-key-id',
    'A key of a log with another id',
    'QP7212',
    changed((key) => key.replace('+', '+0').replace(/.\+(?=[^+]*$)/, '+')),
  ],
  ['log-key-name', 'A key of a log with another name', 'QP7212', changed((key) => `x${key}`)],
  ['log-key-form', 'A key of a log without its id', 'QP7212', changed((key) => key.replace(/\+.*\+/, '+'))],
  [
    'log-key-of-witness',
    'A key for cosignatures as the key of a log',
    'QP7212',
    changed(() => noteKey('log', 4)),
  ],
  ['witness-key-of-log', 'A key for notes as the key of a witness', 'QP7212', ofWitness(noteKey('seer', 1))],
  [
    'witness-key-identity',
    'The point of order 1 as the key of a witness',
    'QP7212',
    ofWitness(noteKey('seer', 4, IDENTITY)),
  ],
  [
    'witness-key-spki',
    'A key for statements as the key of a witness',
    'QP7212',
    ofWitness(publicKey('seer')),
  ],
  ['witness-key-twice', 'One key of two witnesses', 'QP7211', ofWitness(noteKey('watch-w1', 4))],
  [
    'witness-key-renamed',
    'One key of two witnesses, under two names',
    'QP7211',
    ofWitness(noteKey('seer', 4, ofSigner('watch-w1'))),
  ],
  [
    'witness-key-signs',
    'A key for statements and for cosignatures',
    'QP7211',
    ofWitness(noteKey('seer', 4, ofSigner('ada'))),
  ],
  [
    'log-key-witnesses',
    'The key of a log as the key of a witness',
    'QP7211',
    ofWitness(noteKey('seer', 4, ofSigner('log'))),
  ],
  [
    'log-key-signs',
    'The key of a log as a key for statements',
    'QP7211',
    changed(() => noteKey('log', 1, ofSigner('bank'))),
  ],
  [
    'log-key-of-two',
    'One key for logs of two operators',
    'QP7211',
    (trust) => {
      trust.parties.Other = { role: 'producer', keys: [{ key: publicKey('other'), state: 'active' }] };
      trust.logs[1].operator = 'Other';
    },
  ],
  ['log-twice', 'One log twice', 'QP7211', (trust) => (trust.logs[1].origin = trust.logs[0].origin)],
  ['log-operator', 'A log of nobody', 'QP7211', (trust) => (trust.logs[0].operator = 'Eve')],
  [
    'log-operator-prototype',
    'A log of what every object of JavaScript has',
    'QP7211',
    (trust) => (trust.logs[0].operator = 'constructor'),
  ],
  ['log-by-twice', 'One witness twice', 'QP7211', (trust) => (trust.logs[0].witnesses.by = ['Seer', 'Seer'])],
  [
    'log-by-unknown',
    'A witness that is none of the parties',
    'QP7211',
    (trust) => (trust.logs[0].witnesses.by[0] = 'Eve'),
  ],
  [
    'log-too-many',
    'A log that asks for more witnesses than it names',
    'QP7211',
    (trust) => (trust.logs[0].witnesses.least = 3),
  ],
  [
    'log-by-statements',
    'A witness with keys for statements only',
    'QP7211',
    (trust) => (trust.logs[0].witnesses.by[0] = 'Ada'),
  ],
  [
    'log-by-operator',
    'The operator of a log as its witness',
    'QP7211',
    (trust) => (trust.logs[0].operator = 'Seer'),
  ],
  [
    'log-by-producer',
    'A producer as a witness',
    'QP7211',
    (trust) => {
      trust.parties.Seer.role = 'producer';
    },
  ],
  [
    'rule-by-witness',
    'A rule that names a party with keys for cosignatures only',
    'QP7211',
    (trust) => (trust.rules[1].by = ['Audit', 'Seer']),
  ],
];
