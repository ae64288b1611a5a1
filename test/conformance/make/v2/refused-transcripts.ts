import { canonical, type Json } from '../canonical.ts';
import { G, g2, H, json1, json2, scalar, smallOrderPoint } from '../points.ts';
import { type ChangeTranscript, withRehash } from './change-transcript.ts';
import { HERMEZ, hermezPoints } from './claimed-transcripts.ts';

const last = ({ contributions }: Json): Json => contributions.at(-1);
const CHOSEN = scalar('chosen delta');
const removeFirst: ChangeTranscript = ({ contributions }) => contributions.shift();
const removeMiddle: ChangeTranscript = ({ contributions }) => contributions.splice(1, 1);
const swap: ChangeTranscript = ({ contributions }) =>
  contributions.splice(0, 2, contributions[1], contributions[0]);
const beaconOf = (transcript: Json): Json => last(transcript).beacon;

export const REFUSED: readonly (readonly [
  id: string,
  what: string,
  code: string,
  change: ChangeTranscript,
])[] = [
  ['first-removed', 'The first contribution removed', 'QP7184', removeFirst],
  ['first-removed-hashed', 'The same, and hashes that fit', 'QP7185', withRehash(removeFirst)],
  ['middle-removed', 'The second contribution removed', 'QP7184', removeMiddle],
  ['middle-removed-hashed', 'The same, and hashes that fit', 'QP7185', withRehash(removeMiddle)],
  ['last-removed', 'The last contribution removed', 'QP7187', ({ contributions }) => contributions.pop()],
  ['reordered', 'Two contributions reordered', 'QP7184', swap],
  ['reordered-hashed', 'The same, and hashes that fit', 'QP7185', withRehash(swap)],
  [
    'chosen-delta',
    'A chosen δ, in the key and as the last one of the transcript',
    'QP7186',
    (transcript, { model }) => {
      last(transcript).deltaAfter = json1(G.multiply(CHOSEN));
      model.verificationKey.vk_delta_2 = json2(H.multiply(CHOSEN));
    },
  ],
  [
    'chosen-delta-early',
    'A chosen δ after the first contribution, and hashes that fit',
    'QP7186',
    withRehash(({ contributions }) => {
      contributions[0].deltaAfter = json1(G.multiply(CHOSEN));
    }),
  ],
  [
    'other-key',
    'An honest transcript on a key with another δ',
    'QP7187',
    (_, { model }) => {
      model.verificationKey.vk_delta_2 = json2(H.multiply(CHOSEN));
    },
  ],
  [
    'no-proof-of-knowledge',
    'A contribution by somebody who knows g1Sx and not its relation to g1S, and hashes that fit',
    'QP7185',
    withRehash(({ contributions }) => {
      contributions[1].g1Sx = json1(G.multiply(CHOSEN));
    }),
  ],
  [
    'outside',
    'A point of G2 outside the group: a point of order 10069 added to it',
    'QP7183',
    ({ contributions }) => {
      contributions[1].g2Spx = json2(g2(contributions[1].g2Spx).add(smallOrderPoint()));
    },
  ],
  [
    'off-curve',
    'A point on no curve',
    'QP7182',
    ({ contributions }) => {
      contributions[0].g1S = ['1', '1', '1'];
    },
  ],
  [
    'infinity',
    'δ at infinity',
    'QP7182',
    ({ contributions }) => {
      contributions[0].deltaAfter = ['0', '1', '0'];
    },
  ],
  [
    'hash',
    'A wrong hash in a contribution',
    'QP7184',
    ({ contributions }) => {
      contributions[1].transcript = 'ab'.repeat(64);
    },
  ],
  [
    'initial-hash',
    'Another initial hash',
    'QP7184',
    (transcript) => {
      transcript.initialHash = 'ab'.repeat(64);
    },
  ],
  [
    'initial-hash-hashed',
    'The same, and hashes that fit',
    'QP7185',
    withRehash((transcript) => {
      transcript.initialHash = 'ab'.repeat(64);
    }),
  ],
  ...[9, 21, 64, 4294967296].map((exponent): (typeof REFUSED)[number] => [
    `iterations-${exponent}`,
    `A beacon of 2^${exponent} iterations`,
    'QP7188',
    (transcript) => {
      beaconOf(transcript).iterationsExponent = exponent;
    },
  ]),
  [
    'iterations-more',
    'A beacon of 2^11 iterations, where it was made with 2^10',
    'QP7189',
    (transcript) => {
      beaconOf(transcript).iterationsExponent = 11;
    },
  ],
  [
    'beacon-bytes',
    'Other bytes of the beacon',
    'QP7189',
    (transcript) => {
      beaconOf(transcript).hash = '01';
    },
  ],
  [
    'contribution-as-beacon',
    'A contribution that is called a beacon',
    'QP7189',
    ({ contributions }) => {
      const beacon = { hash: '00', iterationsExponent: 10 };
      Object.assign(contributions[0], { kind: 'beacon', beacon });
    },
  ],
  [
    'published-name',
    'The name and digest of a published phase 1, and other α and β',
    'QP7190',
    (transcript) => {
      transcript.phase1 = HERMEZ;
    },
  ],
  [
    'published-digest',
    'The name of a published phase 1 with another digest',
    'QP7190',
    (transcript, { model }) => {
      transcript.phase1 = { ...HERMEZ, blake2b: 'ab'.repeat(64) };
      Object.assign(model.verificationKey, hermezPoints);
    },
  ],
];

export const FORMS: readonly (readonly [id: string, what: string, change: (content: string) => string])[] = [
  ['truncated', 'The second half is missing', (content) => content.slice(0, content.length / 2)],
  ['white-space', 'A line feed at the end', (content) => `${content}\n`],
  ['empty', 'No contribution', (content) => canonical({ ...JSON.parse(content), contributions: [] })],
  ['unknown-member', 'An unknown member', (content) => canonical({ ...JSON.parse(content), note: 'a note' })],
  [
    'version',
    'Another version',
    (content) => canonical({ ...JSON.parse(content), version: 'quietproof/transcript/v2' }),
  ],
];

/** Setups that say something else than their transcript. */
export const SETUPS: readonly (readonly [id: string, what: string, change: (setup: Json) => void])[] = [
  [
    'setup-name',
    'Another name in the setup',
    ({ contributions }) => {
      contributions[0].name = 'a regulator';
    },
  ],
  ['setup-less', 'A contribution less in the setup', ({ contributions }) => contributions.pop()],
  [
    'setup-phase-1',
    'Another phase 1 in the setup',
    (setup) => {
      setup.ptau.blake2b = 'ab'.repeat(64);
    },
  ],
];
