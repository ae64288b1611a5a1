import { formatCount, plural } from '../../text/units.ts';
import type { FindingKind } from './finding-kinds.ts';

const records = (count: number) => plural(count, 'record');

/** The sentence of a finding with records, by their number. */
export const FOUND_WORDS: Readonly<Partial<Record<FindingKind, (count: number) => string>>> = {
  'proofs-hold': (count) => `The proofs of ${records(count)} hold, and the records are accepted.`,
  'proof-fails': (count) => `The proof does not hold in ${records(count)}.`,
  'record-contradicts-itself': (count) => `Parts do not fit together in ${records(count)}.`,
  'damaged-file': (count) => `${plural(count, 'file')} could not be read as a record.`,
  'not-a-file': (count) => `Found among the files, and not opened: ${formatCount(count)}.`,
  'source-damaged': (count) => `Places from which on nothing could be read: ${formatCount(count)}.`,
  'archive-differs': (count) =>
    `Not as the manifest of their archive says, or missing: ${plural(count, 'file')}.`,
  'archive-not-opened': (count) => `Found among the files, and not opened: ${plural(count, 'archive')}.`,
  'record-incomplete': (count) => `Something is missing to check ${records(count)}.`,
  'foreign-model': (count) => `Of another model than those that were named: ${records(count)}.`,
  'model-not-vouched-for': (count) =>
    `What the trust file asks for is not among the statements given, for the models of ${records(count)}.`,
  'development-key': (count) => `Under a development key: ${records(count)}.`,
  'answer-after-retirement': (count) =>
    `By their log, answered after the model was retired: ${records(count)}.`,
  'key-compromised': (count) =>
    `A compromised key has signed a statement about the model, and nothing shows that the statement is older: ${records(count)}.`,
  'contradicting-answers': (count) =>
    `Involved in different answers of one model to one input: ${records(count)}.`,
  'version-difference': (count) =>
    `Involved in different answers of several models to one input: ${records(count)}.`,
  'resealed-record': (count) =>
    `Further records of what another record proves already: ${formatCount(count)}.`,
  'copied-record': (count) => `Further copies of a record: ${formatCount(count)}.`,
  'indistinguishable-records': (count) =>
    `Further records whose public values are those of another: ${formatCount(count)}.`,
  'missing-rows': (count) =>
    `Between the first and the last number of their folder, ${records(count)} are missing.`,
  'row-claims-differ': (count) =>
    `Another number than that of the file name is claimed by ${records(count)}.`,
  'expected-missing': (count) => `Without an accepted record: ${plural(count, 'expected answer')}.`,
  'not-expected': (count) => `Accepted, and not in the list: ${records(count)}.`,
  'other-context': (count) => `Made for something else than the list says: ${records(count)}.`,
  'answer-not-logged': (count) =>
    `Promised to a customer, and not in the log at its place: ${plural(count, 'answer')}.`,
  'promise-not-signed': (count) =>
    `In a copy, not in the log, and not promised by a key that is trusted: ${plural(count, 'answer')}.`,
  'logged-not-expected': (count) => `In a log, and in no copy of a customer: ${plural(count, 'answer')}.`,
  'log-forked': (count) =>
    `A log has signed what cannot be one history. Places that show it: ${formatCount(count)}.`,
  'log-clock': (count) => `By their log, earlier than an entry with a smaller number: ${formatCount(count)}.`,
  'log-not-trusted': (count) =>
    `Logs that the trust file does not name, that no key of it has signed, or that too few witnesses have seen, and records in such logs: ${formatCount(count)}.`,
  'sealed-elsewhere': (count) =>
    `Their place is that of another answer, or they share it with one: ${records(count)}.`,
  'log-entries-missing': (count) =>
    `Entries that a log has signed for, and that were not handed in: ${formatCount(count)}.`,
  'log-damaged': (count) => `Where entries and checkpoints do not fit together: ${plural(count, 'place')}.`,
  'log-entry-repeated': (count) =>
    `Further entries of an answer that is in its log already: ${formatCount(count)}.`,
  'record-not-logged': (count) => `Accepted, and in none of the logs: ${records(count)}.`,
  'logged-without-record': (count) => `In a log, and without an accepted record: ${plural(count, 'answer')}.`,
  'answer-not-announced': (count) =>
    `Sealed before the log had said that the model answers, or without that: ${records(count)}.`,
  'timestamp-fails': (count) =>
    `Of another checkpoint, damaged, or of an authority that is not trusted: ${plural(count, 'timestamp')}.`,
  'model-changed': (count) =>
    `A model answered for the first time after another had: ${plural(count, 'change')}.`,
  'opening-fails': (count) => `The opening beside it does not belong to it: ${records(count)}.`,
  'opening-missing': (count) => `No opening of their input was given: ${records(count)}.`,
  'openings-hold': (count) => `The opening beside it is that of its input: ${records(count)}.`,
  'time-confirmed': (count) =>
    `By the cosignatures of enough witnesses, a time by which they existed: ${records(count)}.`,
  'quality-broken': (count) =>
    `Of models that do not keep what their producer states, on the rows given: ${records(count)}.`,
  'time-not-confirmed': (count) => `Dated by the word of their log alone: ${records(count)}.`,
};
