import type { Json } from '../../canonical.ts';
import { mixedKey, publicKey, SPKI } from './signing.ts';

type Refused = readonly [id: string, what: string, code: string, change: (trust: Json) => void];

const keyBytes = (bytes: Uint8Array): string => Buffer.concat([SPKI, bytes]).toString('base64');
/** The point of order 1, and y = 2^255 − 19, which is no canonical 0. */
const IDENTITY = Buffer.from(`01${'00'.repeat(31)}`, 'hex');
const UNREDUCED = Buffer.from(`ed${'ff'.repeat(30)}7f`, 'hex');

const adaKey = (key: string) => (trust: Json) => {
  trust.parties.Ada.keys[0].key = key;
};

/** Trust files that say nothing, or contradict themselves. */
export const REFUSED_TRUST: readonly Refused[] = [
  [
    'version',
    'Another version',
    'QP7210',
    (trust) => {
      trust.version = 'quietproof/trust/v2';
    },
  ],
  [
    'unknown-member',
    'A member that is not known',
    'QP7210',
    (trust) => {
      trust.more = 1;
    },
  ],
  [
    'no-rules',
    'No rules',
    'QP7210',
    (trust) => {
      trust.rules = [];
    },
  ],
  [
    'no-parties',
    'No parties',
    'QP7210',
    (trust) => {
      trust.parties = {};
    },
  ],
  [
    'no-keys',
    'A party without keys',
    'QP7210',
    (trust) => {
      trust.parties.Ada.keys = [];
    },
  ],
  [
    'least-zero',
    'A rule that asks for nobody',
    'QP7210',
    (trust) => {
      trust.rules[0].least = 0;
    },
  ],
  [
    'unknown-what',
    'A rule of something that is not defined',
    'QP7210',
    (trust) => {
      trust.rules[0].what = 'approval';
    },
  ],
  [
    'unknown-role',
    'A role that is not defined',
    'QP7210',
    (trust) => {
      trust.parties.Ada.role = 'auditor';
    },
  ],
  [
    'active-since',
    'An active key with a time',
    'QP7210',
    (trust) => {
      trust.parties.Ada.keys[0].since = '2026-01-01T00:00:00Z';
    },
  ],
  [
    'retired-without-since',
    'A retired key without a time',
    'QP7210',
    (trust) => {
      trust.parties.Ada.keys[0].state = 'retired';
    },
  ],
  [
    'name-with-space',
    'A name that ends with white space',
    'QP7210',
    (trust) => {
      trust.parties['Ada '] = { keys: [{ key: publicKey('eve'), state: 'active' }] };
    },
  ],
  ['short-key', 'A key of 31 bytes', 'QP7212', adaKey(keyBytes(IDENTITY.subarray(1)))],
  [
    'other-algorithm',
    'A key of another algorithm',
    'QP7212',
    adaKey(publicKey('ada').replace('MCowBQYDK2Vw', 'MCowBQYDK2Vx')),
  ],
  ['identity-key', 'The point of order 1 as a key', 'QP7212', adaKey(keyBytes(IDENTITY))],
  [
    'unreduced-key',
    'A coordinate that is not below the field modulus',
    'QP7212',
    adaKey(keyBytes(UNREDUCED)),
  ],
  ['mixed-key', 'A key outside of the subgroup', 'QP7212', adaKey(mixedKey('ada'))],
  [
    'shared-key',
    'One key of two parties',
    'QP7211',
    (trust) => {
      trust.parties.Watch.keys.push(trust.parties.Ada.keys[0]);
    },
  ],
  [
    'key-twice',
    'One key twice, once as retired',
    'QP7211',
    (trust) => {
      trust.parties.Ada.keys.push({
        ...trust.parties.Ada.keys[0],
        state: 'retired',
        since: '2026-01-01T00:00:00Z',
      });
    },
  ],
  [
    'party-twice',
    'A rule that lists a party twice',
    'QP7211',
    (trust) => {
      trust.rules[0].by = ['Ada', 'Ada'];
    },
  ],
  [
    'unknown-party',
    'A rule that names nobody',
    'QP7211',
    (trust) => {
      trust.rules[0].by = ['Ada', 'Eve'];
    },
  ],
  [
    'prototype-party',
    'A rule that names what every object of JavaScript has',
    'QP7211',
    (trust) => {
      trust.rules[0].by = ['Ada', 'constructor'];
    },
  ],
  [
    'too-many',
    'A rule that asks for more than it names',
    'QP7211',
    (trust) => {
      trust.rules[0].least = 3;
    },
  ],
  [
    'producer-contributes',
    'A rule that counts the producer as contributor',
    'QP7211',
    (trust) => {
      trust.rules[0].by.push('Bank');
    },
  ],
  [
    'producer-rederives',
    'A rule that counts the producer as re-deriver',
    'QP7211',
    (trust) => {
      trust.rules[1].by.push('Bank');
    },
  ],
  [
    'auditor-releases',
    'A rule of releases by somebody else than a producer',
    'QP7211',
    (trust) => {
      trust.rules[2].by.push('Audit');
    },
  ],
  [
    'contribution-alone',
    'A rule of contribution without one of re-derivation',
    'QP7211',
    (trust) => {
      trust.rules.splice(1, 1);
    },
  ],
  [
    'rederivation-alone',
    'A rule of re-derivation without one of contribution',
    'QP7211',
    (trust) => {
      trust.rules.splice(0, 1);
    },
  ],
];
