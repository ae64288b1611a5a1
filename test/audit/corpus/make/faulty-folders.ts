import { fileJson, type ThinBundleV2 } from '@quietproof/verify';
import { CHANGED, firstEntries, TRUSTING } from './clean-folders.ts';
import type { CorpusCase } from './corpus-types.ts';
import { expectedOf } from './expected.ts';
import {
  announced,
  answerAt,
  batch,
  listOf,
  logOf,
  numbered,
  numberedName,
  openingName,
  openings,
  orderName,
  placed,
  resealed,
  sealedRecords,
  within,
} from './handed-in.ts';
import type { Models, ProvedModel } from './material.ts';

const PLACES = [1, 2, 3, 4, 5, 6];
const name = numberedName;
const named = (places: readonly number[], folder: string) =>
  places.map((place) => `${folder}/${orderName(place)}`);

/** Folders of numbered records. */
export function faultyBatches({ first, second }: Models): CorpusCase[] {
  const six = batch(first, PLACES);
  const { [name(3)]: _, ...five } = six;
  const many = Array.from({ length: 40 }, (_, at) => at + 1);
  const batched = { undated: 6, models: 1, exit: 1 } as const;
  return [
    {
      name: 'missing-row',
      asked: { what: 'The record of number 3 is missing', ...TRUSTING },
      files: five,
      expected: expectedOf({ ...batched, accepted: 5, undated: 5 }, [['missing-rows', [name(3)]]]),
    },
    {
      name: 'resealed',
      asked: { what: 'Number 6 is number 1 under another statement and another index', ...TRUSTING },
      files: { ...six, [name(6)]: numbered(resealed(first, answerAt(first, 2)), 6) },
      expected: expectedOf({ ...batched, accepted: 7, undated: 7, duplicates: 1 }, [
        ['resealed-record', [name(6)]],
      ]),
    },
    {
      name: 'foreign-model',
      asked: { what: 'Number 2 is of another model than the one that was named', models: [first.modelId] },
      files: { ...six, [name(2)]: numbered(packed(second, 7), 2) },
      expected: expectedOf({ ...batched, accepted: 5, undated: 5, refused: 1, models: 2 }, [
        ['foreign-model', [name(2)], { codes: ['QP7601'] }],
      ]),
    },
    {
      name: 'wrong-opening',
      asked: { what: 'The opening of number 4 is that of number 0', ...TRUSTING, openings: true },
      files: { ...six, ...openings(first, PLACES), [openingName(4)]: fileJson(answerAt(first, 1).opening) },
      expected: expectedOf({ ...batched, accepted: 6 }, [
        ['opening-fails', [name(4)], { codes: ['QP7603'] }],
        ['openings-hold', [], { count: 5 }],
      ]),
    },
    {
      name: 'replay',
      asked: {
        what: 'For order 1006 there is the record that was made for order 1002',
        ...TRUSTING,
        expected: true,
      },
      files: { ...six, [name(5)]: numbered(answerAt(first, 2).bundle, 5) },
      list: listOf(PLACES.map((place, index) => [name(index), place])),
      expected: expectedOf({ ...batched, accepted: 6, duplicates: 1 }, [
        ['copied-record', [name(5)]],
        ['other-context', [name(5)]],
      ]),
    },
    {
      name: 'truncated',
      asked: { what: 'The file of number 2 ends in the middle', ...TRUSTING },
      files: { ...six, [name(2)]: six[name(2)]!.slice(0, 1200) },
      expected: expectedOf({ ...batched, accepted: 5, undated: 5, unreadable: 1 }, [
        ['damaged-file', [name(2)], { codes: ['QP7001'] }],
      ]),
    },
    {
      name: 'forged',
      asked: {
        what: 'Number 0 states another answer, number 1 has the proof of number 2, number 3 renames its model',
        ...TRUSTING,
      },
      files: {
        ...six,
        [name(0)]: numbered(otherAnswer(first, 1), 0),
        [name(1)]: numbered(withProofOf(first, 2, 3), 1),
        [name(3)]: fileJson(renamed(first, 4)),
      },
      expected: expectedOf({ ...batched, accepted: 3, undated: 3, refused: 3 }, [
        ['proof-fails', [name(0), name(1)], { codes: ['QP7505'] }],
        ['record-contradicts-itself', [name(3)], { codes: ['QP7104'] }],
      ]),
    },
    {
      name: 'no-files',
      asked: {
        what: 'A named pipe and a link have the names of records; a link leads back into the folder',
        ...TRUSTING,
        pipes: [name(6), 'pipe'],
        links: { [name(7)]: name(0), circle: '.', outside: '/' },
      },
      files: six,
      expected: expectedOf({ ...batched, accepted: 6, unreadable: 2 }, [
        ['not-a-file', [name(6), name(7), 'circle', 'outside', 'pipe'], { codes: ['QP7013'] }],
      ]),
    },
    {
      name: 'one-of-many',
      asked: { what: 'One of forty has the proof of another', ...TRUSTING },
      files: { ...batch(first, many), [name(22)]: numbered(withProofOf(first, 23, 24), 22) },
      expected: expectedOf({ ...batched, accepted: 39, undated: 39, refused: 1 }, [
        ['proof-fails', [name(22)], { codes: ['QP7505'] }],
      ]),
    },
    {
      name: 'compromised-key',
      asked: {
        what: 'The key of whom the auditor trusts for re-derivations was stolen, and nothing shows that its statement is older',
        trust: 'compromised.json',
        statements: ['first'],
      },
      files: six,
      expected: expectedOf({ ...batched, accepted: 0, undated: 0, refused: 6, models: 1 }, [
        ['model-not-vouched-for', PLACES.map((_, index) => name(index)), { codes: ['QP7224'] }],
        ['key-compromised', PLACES.map((_, index) => name(index)), { codes: ['QP7221'] }],
      ]),
    },
  ];
}

/** Logs, and records of their answers. */
export async function faultyLogs({ first, second }: Models): Promise<CorpusCase[]> {
  const entries = firstEntries(first);
  const log = logOf(entries);
  const longer = logOf([...entries, placed(first, 7).entry]);
  const forked = logOf([...entries.slice(0, 5), placed(first, 7, 0).entry]);
  const seconds = [7, 8, 9, 10];
  const unannounced = logOf([...entries, ...seconds.map((place) => placed(second, place).entry)]);
  const late = logOf([
    ...entries,
    announced(second, 7, { version: '2.0' }),
    placed(first, 8).entry,
    placed(second, 9).entry,
  ]);
  const six = within('answers', await sealedRecords(log, first, PLACES));
  return [
    {
      name: 'gap-in-a-log',
      asked: { what: 'A record shows that the log has an entry more than was handed in', ...TRUSTING },
      files: {
        ...(await log.files()),
        ...six,
        ...within('answers', await sealedRecords(longer, first, [7])),
      },
      expected: expectedOf({ accepted: 7, logs: 1, models: 1, exit: 1 }, [
        ['log-entries-missing', [`answers/${orderName(7)}`]],
        ['time-confirmed', named([...PLACES, 7], 'answers')],
      ]),
    },
    {
      name: 'forked-log',
      asked: { what: 'The log has signed a checkpoint of another history', ...TRUSTING },
      files: { ...(await log.files()), ...six, 'seen/checkpoint': await forked.checkpoint() },
      expected: expectedOf({ accepted: 6, logs: 1, models: 1, exit: 1 }, [
        ['log-forked', ['seen/checkpoint']],
        ['time-confirmed', named(PLACES, 'answers')],
      ]),
    },
    {
      name: 'unannounced-change',
      asked: {
        what: 'From the middle of the month a second model answers, which the log has not announced',
        ...CHANGED,
      },
      files: {
        ...(await unannounced.files()),
        ...within('first', await sealedRecords(unannounced, first, PLACES)),
        ...within('second', await sealedRecords(unannounced, second, seconds)),
      },
      expected: expectedOf({ accepted: 10, logs: 1, models: 2, exit: 1 }, [
        ['answer-not-announced', named(seconds, 'second')],
        ['model-changed', [`second/${orderName(7)}`]],
        ['time-confirmed', [...named(PLACES, 'first'), ...named(seconds, 'second')]],
      ]),
    },
    {
      name: 'retired-model',
      asked: {
        what: 'The first model answers once more after the bank had released the second instead',
        ...CHANGED,
      },
      files: {
        ...(await late.files()),
        ...within('first', await sealedRecords(late, first, [...PLACES, 8])),
        ...within('second', await sealedRecords(late, second, [9])),
      },
      expected: expectedOf({ accepted: 7, refused: 1, logs: 1, models: 2, exit: 1 }, [
        ['answer-after-retirement', [`first/${orderName(8)}`], { codes: ['QP7225'] }],
        ['logged-without-record', ['entry 8 of log/checkpoint']],
        ['model-changed', [`second/${orderName(9)}`]],
        ['time-confirmed', [...named(PLACES, 'first'), ...named([9], 'second')]],
      ]),
    },
  ];
}

function packed({ record, ...model }: ProvedModel, place: number): ThinBundleV2 {
  return { ...answerAt({ record, ...model }, place).bundle, model: record } as ThinBundleV2;
}

/** Another label than the proved one, under a statement of its own. */
function otherAnswer(model: ProvedModel, place: number): ThinBundleV2 {
  const answer = answerAt(model, place);
  const [label, ...others] = answer.bundle.publicSignals;
  const publicSignals = [label === '0' ? '1' : '0', ...others];
  return resealed(model, { ...answer, bundle: { ...answer.bundle, publicSignals } });
}

function withProofOf(model: ProvedModel, place: number, other: number): ThinBundleV2 {
  return { ...answerAt(model, place).bundle, proof: answerAt(model, other).bundle.proof };
}

function renamed(model: ProvedModel, place: number): ThinBundleV2 {
  const interfaceOf = { ...model.record.interface, name: 'another' };
  return packed({ ...model, record: { ...model.record, interface: interfaceOf } }, place);
}
