import { canonical } from '../canonical.ts';
import type { OutcomeV2 } from './corpus.ts';
import { type ChangeLog, contentOf, INDEX, NONCE, noteLine, type Step, signed } from './log.ts';

export const CLAIMED: OutcomeV2 = { verdict: 'valid', seal: 'claimed' };

type Row = readonly [id: string, what: string, outcome: string | OutcomeV2, step: Step, change: ChangeLog];

/** What is wrong, or unusual, with a log proof. */
export const CHANGED: readonly Row[] = [
  [
    'entry-drawn',
    'The entry names a round of a beacon',
    CLAIMED,
    'entry',
    ({ entry }) => {
      entry.draw = { beacon: 'ab'.repeat(32), round: 9 };
    },
  ],
  [
    'unsigned',
    'Signed by a key that nobody knows',
    CLAIMED,
    'origin',
    (log) => {
      log.signer = 'nobody';
    },
  ],
  [
    'extra-signature',
    'Signed by a witness too',
    CLAIMED,
    'checkpoint',
    (log) => {
      const text = log.checkpoint.slice(0, log.checkpoint.indexOf('\n\n') + 1);
      log.checkpoint += noteLine('witness.example', 'watch', text, 1_795_000_060);
    },
  ],
  [
    'extra-line',
    'The checkpoint has a line more, which means nothing',
    CLAIMED,
    'checkpoint',
    (log) => {
      log.checkpoint = log.checkpoint.replace('\n\n', '\nmore\n\n');
    },
  ],
  [
    'extra-data',
    'The proof has a line of data for others',
    CLAIMED,
    'proof',
    (log) => {
      log.proof = log.proof.replace('\nindex', '\nextra AAAA\nindex');
    },
  ],
  [
    'other-leaf',
    'The entry has the leaf of another statement',
    'seal QP7748',
    'entry',
    ({ entry }) => {
      entry.leaf = 'ab'.repeat(32);
    },
  ],
  [
    'statement-digest',
    'The entry has the statement digest for its leaf',
    'seal QP7748',
    'entry',
    ({ entry }) => {
      entry.leaf = 'cd'.repeat(32);
    },
  ],
  [
    'other-kind',
    'The entry announces a model',
    'seal QP7012',
    'entries',
    (log) => {
      log.entries[INDEX] = canonical({
        version: 'quietproof/log-entry/v1',
        kind: 'model',
        time: 1,
        modelId: log.entry.leaf,
        name: 'm',
        modelVersion: '1',
        policy: { prove: 'all', within: 60, retention: 60 },
      });
    },
  ],
  [
    'unknown-kind',
    'The entry is of a kind that nobody knows',
    'seal QP7012',
    'entry',
    ({ entry }) => {
      entry.kind = 'reply';
    },
  ],
  [
    'unknown-version',
    'The entry is of another version',
    'seal QP7010',
    'entry',
    ({ entry }) => {
      entry.version = 'quietproof/log-entry/v2';
    },
  ],
  [
    'entry-more',
    'The entry has a member more',
    'seal QP7740',
    'entry',
    ({ entry }) => {
      entry.more = 1;
    },
  ],
  [
    'entry-time',
    'The entry is of before 1970',
    'seal QP7740',
    'entry',
    ({ entry }) => {
      entry.time = -1;
    },
  ],
  [
    'entry-round',
    'The entry names round 0',
    'seal QP7740',
    'entry',
    ({ entry }) => {
      entry.draw = { beacon: 'ab'.repeat(32), round: 0 };
    },
  ],
  [
    'entry-layout',
    'The entry is not in canonical form',
    'seal QP7740',
    'entries',
    (log) => {
      log.entries[INDEX] += ' ';
    },
  ],
  [
    'other-entry',
    'The proof is of the entry as it was at another time',
    'seal QP7708',
    'root',
    (log) => {
      log.entries[INDEX] = canonical({ ...log.entry, time: log.entry.time - 1 });
    },
  ],
  [
    'other-nonce',
    'Another nonce than that of the context id',
    'seal QP7745',
    'origin',
    (log) => {
      log.nonce = `ff${NONCE.slice(2)}`;
    },
  ],
  [
    'other-origin',
    'The same entry in the log of another origin',
    'seal QP7745',
    'origin',
    (log) => {
      log.origin = 'log.example/other';
    },
  ],
  [
    'other-index',
    'Another index than that of the path',
    'seal QP7708',
    'path',
    (log) => {
      log.index += 1;
    },
  ],
  [
    'index-beyond',
    'An index beyond the tree',
    'seal QP7708',
    'path',
    (log) => {
      log.index = 11;
    },
  ],
  [
    'path-short',
    'The path has a hash too few',
    'seal QP7708',
    'path',
    (log) => {
      log.path.pop();
    },
  ],
  [
    'path-long',
    'The path has a hash too many',
    'seal QP7708',
    'path',
    (log) => {
      log.path.push(log.path[0]!);
    },
  ],
  [
    'path-changed',
    'The path has another hash',
    'seal QP7708',
    'path',
    (log) => {
      log.path[1] = log.path[0]!;
    },
  ],
  [
    'other-root',
    'The checkpoint has another root',
    'seal QP7708',
    'root',
    (log) => {
      log.root = log.path[0]!;
    },
  ],
  [
    'other-size',
    'The checkpoint is of a larger tree',
    'seal QP7708',
    'root',
    (log) => {
      log.size = 200;
    },
  ],
  [
    'size-zero-first',
    'The size has a leading zero',
    'seal QP7704',
    'checkpoint',
    (log) => {
      log.checkpoint = log.checkpoint.replace('\n11\n', '\n011\n');
    },
  ],
  [
    'size-huge',
    'The size is no safe integer',
    'seal QP7704',
    'checkpoint',
    (log) => {
      log.checkpoint = log.checkpoint.replace('\n11\n', '\n9007199254740992\n');
    },
  ],
  [
    'root-short',
    'The root has 31 bytes',
    'seal QP7704',
    'root',
    (log) => {
      log.root = log.root.subarray(1);
    },
  ],
  [
    'blank-line',
    'The checkpoint has an empty line',
    'seal QP7704',
    'checkpoint',
    (log) => {
      log.checkpoint = log.checkpoint.replace('\n\n', '\n\nmore\n\n');
    },
  ],
  [
    'no-signature',
    'The checkpoint has no signature',
    'seal QP7701',
    'checkpoint',
    (log) => {
      log.checkpoint = log.checkpoint.slice(0, log.checkpoint.indexOf('\n\n') + 2);
    },
  ],
  [
    'bad-signature-line',
    'A line after the text that is no signature',
    'seal QP7701',
    'checkpoint',
    (log) => {
      log.checkpoint += 'more\n';
    },
  ],
  [
    'hyphen',
    'A signature after a hyphen',
    'seal QP7701',
    'checkpoint',
    (log) => {
      log.checkpoint = log.checkpoint.replace('—', '-');
    },
  ],
  [
    'no-final-newline',
    'The checkpoint does not end in a line feed',
    'seal QP7701',
    'checkpoint',
    (log) => {
      log.checkpoint = log.checkpoint.slice(0, -1);
    },
  ],
  [
    'carriage-return',
    'The checkpoint has a carriage return',
    'seal QP7701',
    'checkpoint',
    (log) => {
      log.checkpoint = log.checkpoint.replace('\n\n', '\r\n\n');
    },
  ],
  [
    'origin-space',
    'The origin has a space',
    'seal QP7007',
    'checkpoint',
    (log) => {
      const name = log.origin;
      log.origin = 'log of credit';
      log.checkpoint = signed({ ...log }).replace('— log of credit', `— ${name}`);
    },
  ],
  [
    'proof-version',
    'The proof is of another version',
    'seal QP7707',
    'proof',
    (log) => {
      log.proof = log.proof.replace('@v1', '@v2');
    },
  ],
  [
    'proof-index',
    'The index has a leading zero',
    'seal QP7707',
    'proof',
    (log) => {
      log.proof = log.proof.replace('index 5', 'index 05');
    },
  ],
  [
    'proof-hash',
    'A hash of the path is no base64',
    'seal QP7707',
    'proof',
    (log) => {
      log.proof = log.proof.replace('index 5\n', 'index 5\n!');
    },
  ],
  [
    'proof-without-checkpoint',
    'The proof ends before its checkpoint',
    'seal QP7707',
    'proof',
    (log) => {
      log.proof = log.proof.slice(0, log.proof.indexOf('\n\n'));
    },
  ],
  [
    'nonce-short',
    'The nonce has 15 bytes',
    'seal QP7747',
    'content',
    (log) => {
      log.content = contentOf({ ...log, nonce: NONCE.slice(2) });
    },
  ],
  [
    'content-more',
    'The content has a member more',
    'seal QP7747',
    'content',
    (log) => {
      log.content = log.content.replace('{', '{"a":1,');
    },
  ],
  [
    'content-layout',
    'The content is not in canonical form',
    'seal QP7747',
    'content',
    (log) => {
      log.content += '\n';
    },
  ],
  [
    'content-version',
    'The content is of another version',
    'seal QP7010',
    'content',
    (log) => {
      log.content = log.content.replace('log-proof/v1', 'log-proof/v2');
    },
  ],
  [
    'content-no-json',
    'The content is a tlog-proof, bare',
    'seal QP7747',
    'content',
    (log) => {
      log.content = log.proof;
    },
  ],
];
