import type { Json } from '../canonical.ts';
import { sealedA } from './bases.ts';
import { type CorpusV2, fails, type OutcomeV2 } from './corpus.ts';
import { type ChangeLog, type Log, logProof, noteLine, sealIn } from './log.ts';
import { base64 } from './models.ts';
import { listed, spread } from './trust/files.ts';
import { NOW, release, trustWithLogs } from './trust/honest.ts';
import { envelope } from './trust/signing.ts';

/** Cosigns the checkpoint. @param at when, in seconds since 1970 */
function cosign(log: Log, name: string, by: string, at: number): void {
  log.checkpoint += noteLine(name, by, log.checkpoint.slice(0, log.checkpoint.indexOf('\n\n') + 1), at);
}

const PASS: OutcomeV2 = { verdict: 'valid', seal: 'pass', trusted: ['release:Bank'] };
const DOUBTED: OutcomeV2 = { verdict: 'valid', seal: 'claimed', trusted: ['release:Bank'] };

type Trusted = readonly [
  id: string,
  what: string,
  outcome: string | OutcomeV2,
  change: ChangeLog,
  trust?: (trust: Json) => void,
];

/** Each is cosigned by Watch and by Seer, whom the reader trusts to watch. */
const TRUSTED: readonly Trusted[] = [
  ['pass', 'In a log that the reader trusts, seen by two witnesses', PASS, () => {}],
  [
    'pass-alone',
    'In a log of which the reader asks for no witness',
    PASS,
    (log) => strip(log),
    (trust) => {
      delete trust.logs[0].witnesses;
    },
  ],
  [
    'other-log',
    'In a log that the trust file does not name',
    DOUBTED,
    () => {},
    (trust) => {
      trust.logs[0].origin = 'log.example/other';
    },
  ],
  ['no-witness', 'Seen by no witness', DOUBTED, (log) => strip(log)],
  [
    'one-witness',
    'Seen by one witness, twice',
    DOUBTED,
    (log) => {
      strip(log);
      cosign(log, 'watch-w1.example', 'watch-w1', SEEN);
      cosign(log, 'watch-w1.example', 'watch-w1', SEEN + 1);
    },
  ],
  [
    'retired-witness',
    'Seen by a key of a witness after it was retired',
    DOUBTED,
    (log) => {
      strip(log);
      cosign(log, 'watch-w0.example', 'watch-w0', SEEN);
      cosign(log, 'seer.example', 'seer', SEEN);
    },
  ],
  [
    'witness-of-tomorrow',
    'Seen by a witness at a time that is yet to come',
    DOUBTED,
    (log) => {
      strip(log);
      cosign(log, 'watch-w1.example', 'watch-w1', 1_900_000_000);
      cosign(log, 'seer.example', 'seer', SEEN);
    },
  ],
  [
    'unsigned-log',
    'Not signed by a key of the log',
    'seal QP7706',
    (log) => {
      log.checkpoint = log.checkpoint.replace(/— log\.example[^\n]*\n/, '');
    },
  ],
  [
    'stranger',
    'Signed under the name of the log by a stranger',
    'seal QP7706',
    (log) => {
      log.checkpoint = log.checkpoint.replace(
        /— log\.example[^\n]*\n/,
        noteLine('log.example', 'stranger', log.checkpoint.slice(0, log.checkpoint.indexOf('\n\n') + 1)),
      );
    },
  ],
  [
    'forged-log',
    "A signature with the id of the log's key that does not hold",
    'seal QP7703',
    (log) => forge(log, 'log.example'),
  ],
  [
    'forged-witness',
    "A signature with the id of a witness's key that does not hold",
    'seal QP7703',
    (log) => forge(log, 'seer.example'),
  ],
];

const SEEN = 1_795_000_060;

/** Takes all cosignatures away. */
function strip(log: Log): void {
  log.checkpoint = log.checkpoint.replace(/— (seer|watch)[^\n]*\n/g, '');
}

/** Changes the last byte of a signature. */
function forge(log: Log, name: string): void {
  log.checkpoint = log.checkpoint.replace(new RegExp(`— ${name} ([^\\n]*)\\n`), (_, content: string) => {
    const bytes = Buffer.from(content, 'base64');
    bytes[bytes.length - 1]! ^= 1;
    return `— ${name} ${base64(bytes)}\n`;
  });
}

/** Log proofs of which the reader knows the log, and who watches it. */
export function logTrustCases(corpus: CorpusV2): void {
  for (const [id, what, outcome, change, changeTrust = () => {}] of TRUSTED) {
    const bundle = sealedA.copy();
    const content = logProof(bundle, {
      origin: (log) => {
        log.signer = 'log';
      },
      checkpoint: (log) => {
        const text = log.checkpoint.slice(0, log.checkpoint.indexOf('\n\n') + 1);
        log.checkpoint = `${text}\n${noteLine('log.example', 'log', text)}`;
        cosign(log, 'watch-w1.example', 'watch-w1', SEEN);
        cosign(log, 'seer.example', 'seer', SEEN + 5);
        change(log);
      },
    });
    const trust = trustWithLogs();
    trust.rules = [{ what: 'release', least: 1, by: ['Bank'] }];
    changeTrust(trust);
    corpus.bundle(
      `seal/${id}`,
      what,
      sealedA,
      sealIn(bundle, content),
      typeof outcome === 'string' ? fails(outcome) : outcome,
      {
        trust: spread(trust),
        statements: listed({
          ada: '',
          grace: '',
          audit: '',
          bank: envelope(release('bank', sealedA.copy()), 'bank'),
          more: [],
        }),
        at: NOW,
      },
    );
  }
}
