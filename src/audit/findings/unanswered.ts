import { formatCount, plural } from '../../text/units.ts';
import type { FindingKind } from './finding-kinds.ts';

/** What decides which questions an audit can answer. */
export interface Asked {
  readonly records: number;
  /** Accepted ones. */
  readonly accepted: number;
  /** Accepted ones with a log proof, and those with a time of the calendar in it. */
  readonly sealed: number;
  readonly dated: number;
  /** Whose file name is a number. */
  readonly numbered: number;
  readonly isTrustGiven: boolean;
  /** The trust file asks for releases. */
  readonly asksForReleases: boolean;
  readonly modelsNamed: number;
  /** Models of accepted records of whose key nothing shows how it was made. */
  readonly claimedKeys: number;
  /** Records of models for which the trust file's parties do not vouch. */
  readonly notVouchedFor: number;
  readonly isListGiven: boolean;
  /** Rows of the list with a context. */
  readonly contextsListed: number;
  /** Answers in copies of customers, of logs that were not handed in, or that need not be in them yet. */
  readonly copies: { readonly unchecked: number } | undefined;
  readonly openings: boolean;
  readonly openingsHeld: number;
  readonly openingsMissing: number;
  /** Logs that were handed in and read. */
  readonly logsRead: number;
  /** Archives with a manifest that can be read. */
  readonly manifests: number;
  /** Certificates of authorities for timestamps were given. */
  readonly certificatesGiven: boolean;
  /** Timestamps that hold, and those that were not checked. */
  readonly timestampsHeld: number;
  readonly timestampsUnread: number;
  /** Models of accepted records: all, and those whose measured quality could be judged. */
  readonly modelsAccepted: number;
  readonly modelsJudged: number;
}

const NOT_READ = 'Not checked: no log was handed in.';
const ONLY_IN_RECORDS = 'None was found in what the records show of their logs; no log itself was handed in.';
const NO_TRUST = 'Not checked: no trust file was given.';
const NO_LIST = 'Not checked: no list of expected answers was given.';
const NO_OPENINGS = 'Not checked: the audit was not asked to open inputs.';

const NO_COPY = 'Not checked: no copy of a customer was given.';

type Question = (asked: Asked) => string | undefined;

const log: Question = ({ logsRead }) => (logsRead > 0 ? undefined : NOT_READ);
const logInRecords: Question = ({ logsRead }) => (logsRead > 0 ? undefined : ONLY_IN_RECORDS);
const unless =
  (isGiven: (asked: Asked) => boolean, words: string): Question =>
  (asked) =>
    isGiven(asked) ? undefined : words;
const trust = unless(({ isTrustGiven }) => isTrustGiven, NO_TRUST);
const list = unless(({ isListGiven }) => isListGiven, NO_LIST);
const sealed = unless((asked) => asked.sealed > 0, 'No accepted record names a place in a log.');
const dated = unless((asked) => asked.dated > 0, 'No accepted record has a time that a log states.');

/** Of each kind, why its question is open where nothing of it was found; of the other kinds it is answered then. */
const OPEN: Readonly<Partial<Record<FindingKind, Question>>> = {
  'proofs-hold': () => 'No record was accepted.',
  'archive-differs': unless(
    ({ manifests }) => manifests > 0,
    'Not checked: no archive with a manifest was handed in.',
  ),
  'foreign-model': ({ modelsNamed, asksForReleases, notVouchedFor }) => {
    if (modelsNamed > 0) return undefined;
    if (!asksForReleases) return 'Not checked: no model was named, and no trust file asks for releases.';
    return notVouchedFor === 0 ? undefined : `Of ${plural(notVouchedFor, 'record')} it is not known.`;
  },
  'model-not-vouched-for': trust,
  'development-key': ({ claimedKeys }) =>
    claimedKeys === 0
      ? undefined
      : `None is under a development key. How the keys of ${plural(claimedKeys, 'model')} were made is a claim of the producer.`,
  'answer-after-retirement': (asked) => {
    if (!asked.asksForReleases) return 'Not checked: no trust file asks for releases.';
    return asked.sealed === 0 || asked.logsRead > 0
      ? undefined
      : 'None was found by the releases given; what the logs announced of retirements was not read.';
  },
  'key-compromised': trust,
  'missing-rows': unless(({ numbered }) => numbered > 1, 'Not checked: the file names are no numbers.'),
  'expected-missing': list,
  'not-expected': list,
  'other-context': unless(
    ({ contextsListed }) => contextsListed > 0,
    'Not checked: no list gives the context of an expected answer.',
  ),
  'answer-not-logged': (asked) => {
    if (asked.copies === undefined) return NO_COPY;
    if (asked.logsRead === 0) return NOT_READ;
    const { unchecked } = asked.copies;
    return unchecked === 0
      ? undefined
      : `None was found. Of logs that were not handed in, or handed in before the answer had to be in them: ${plural(unchecked, 'answer')}.`;
  },
  'promise-not-signed': ({ copies }) => (copies === undefined ? NO_COPY : undefined),
  'logged-not-expected': ({ copies, logsRead }) =>
    copies === undefined ? NO_COPY : logsRead === 0 ? NOT_READ : undefined,
  'log-entries-missing': log,
  'log-damaged': log,
  'log-forked': logInRecords,
  'log-clock': logInRecords,
  'log-entry-repeated': log,
  'log-not-trusted': (asked) => (asked.logsRead > 0 ? undefined : sealed(asked)),
  'sealed-elsewhere': logInRecords,
  'record-not-logged': log,
  'logged-without-record': log,
  'answer-not-announced': log,
  'model-changed': dated,
  'opening-fails': ({ openings, openingsHeld, openingsMissing }) => {
    if (!openings) return NO_OPENINGS;
    if (openingsHeld === 0) return 'No opening could be read.';
    return openingsMissing === 0
      ? undefined
      : `None was found. Without an opening that could be read: ${plural(openingsMissing, 'record')}.`;
  },
  'opening-missing': unless(({ openings }) => openings, NO_OPENINGS),
  'openings-hold': ({ openings }) => (openings ? 'No opening belongs to its record.' : NO_OPENINGS),
  'timestamp-fails': ({ certificatesGiven, timestampsHeld, timestampsUnread }) => {
    if (!certificatesGiven) {
      const there =
        timestampsUnread === 0 ? '' : ` ${plural(timestampsUnread, 'timestamp')} could not be checked.`;
      return `Not checked: no certificates of authorities for timestamps were given.${there}`;
    }
    return timestampsHeld === 0 ? 'There was no timestamp of a checkpoint of a log.' : undefined;
  },
  'time-confirmed': () =>
    'No witnesses whom the trust file asks for, and no authority for timestamps, confirm the time of a record.',
  'time-not-confirmed': dated,
  'quality-broken': ({ modelsAccepted, modelsJudged }) => {
    if (modelsJudged === 0)
      return 'Not judged: no model was measured on rows of the auditor, or all on too few rows.';
    return modelsJudged === modelsAccepted
      ? undefined
      : `None was found. Not measured, or on too few rows: ${plural(modelsAccepted - modelsJudged, 'model')}.`;
  },
};

/** Questions about records that are not accepted, and about what is not there. */
const OF_ANY_RECORD: ReadonlySet<FindingKind> = new Set([
  'proof-fails',
  'record-contradicts-itself',
  'damaged-file',
  'not-a-file',
  'source-damaged',
  'archive-differs',
  'archive-not-opened',
  'record-incomplete',
  'missing-rows',
  'row-claims-differ',
  'expected-missing',
  'answer-not-logged',
  'promise-not-signed',
  'logged-not-expected',
  'log-entries-missing',
  'log-damaged',
  'log-forked',
  'log-clock',
  'log-entry-repeated',
  'log-not-trusted',
  'logged-without-record',
  'timestamp-fails',
]);

/** Why the question of a kind of which nothing was found is open; undefined where it is answered. */
export function whyOpen(kind: FindingKind, asked: Asked): string | undefined {
  if (asked.records === 0 && asked.logsRead === 0) return 'There was no record to check.';
  if (asked.accepted === 0 && !OF_ANY_RECORD.has(kind)) return 'No record was accepted.';
  return OPEN[kind]?.(asked);
}

/** The sentence of a question that is answered with no. */
export function noneFound({ records }: Asked): string {
  return `None was found, of ${formatCount(records)} examined.`;
}
