import type { CorpusCase } from './corpus-types.ts';
import { expectedOf } from './expected.ts';
import {
  announced,
  batch,
  listOf,
  logOf,
  numbered,
  numberedName,
  openings,
  orderName,
  placed,
  sealedRecords,
  within,
} from './handed-in.ts';
import type { Models, ProvedModel } from './material.ts';

const PLACES = [1, 2, 3, 4, 5, 6];

/** Whom all cases of sealed answers trust. */
export const TRUSTING = { trust: 'trust.json', statements: ['first', 'open'] };
/** The same, after the second model was released instead of the first. */
export const CHANGED = { trust: 'trust.json', statements: ['first', 'second'] };

export const firstEntries = (first: ProvedModel) => [
  announced(first, 0),
  ...PLACES.map((place) => placed(first, place).entry),
];

export async function cleanFolders({ first, second, open }: Models): Promise<CorpusCase[]> {
  const log = logOf(firstEntries(first));
  const later = [8, 9, 10, 11];
  const changed = logOf([
    ...firstEntries(first),
    announced(second, 7, { version: '2.0', retires: [first.modelId] }),
    ...later.map((place) => placed(second, place).entry),
  ]);
  return [
    {
      name: 'clean-month',
      asked: {
        what: 'Nothing: a log, a record of each of its answers, openings, and a list of all',
        ...TRUSTING,
        ...{ expected: true, openings: true },
      },
      files: {
        ...(await log.files()),
        ...within('answers', await sealedRecords(log, first, PLACES)),
        ...within('answers', openingsOfOrders(first)),
        'notes.txt': 'Whatever stands beside records is no fault.\n',
      },
      list: listOf(PLACES.map((place) => [`answers/${orderName(place)}`, place])),
      expected: expectedOf({ accepted: 6, logs: 1, models: 1, exit: 0 }, [
        ['openings-hold', [], { count: 6 }],
        ['time-confirmed', PLACES.map((place) => `answers/${orderName(place)}`)],
      ]),
    },
    {
      name: 'clean-change-of-model',
      asked: {
        what: 'Nothing: the log announced a second model, which the bank released instead of the first',
        ...CHANGED,
      },
      files: {
        ...(await changed.files()),
        ...within('first', await sealedRecords(changed, first, PLACES)),
        ...within('second', await sealedRecords(changed, second, later)),
      },
      expected: expectedOf({ accepted: 10, logs: 1, models: 2, exit: 0 }, [
        ['model-changed', [`second/${orderName(8)}`]],
        [
          'time-confirmed',
          [
            ...PLACES.map((place) => `first/${orderName(place)}`),
            ...later.map((place) => `second/${orderName(place)}`),
          ],
        ],
      ]),
    },
    {
      name: 'clean-open-inputs',
      asked: {
        what: 'Nothing: records of two models; those of one show their inputs, have no number of their own, and two are about one input',
        ...TRUSTING,
      },
      files: {
        ...within('batch', batch(first, PLACES)),
        'open/model.json': open.text,
        ...Object.fromEntries(
          open.answers.map(({ bundle }, index) => [`open/${numberedName(index)}`, numbered(bundle, index)]),
        ),
      },
      expected: expectedOf({ accepted: 9, undated: 9, duplicates: 1, models: 2, exit: 0 }, [
        ['indistinguishable-records', [`open/${numberedName(2)}`]],
      ]),
    },
  ];
}

function openingsOfOrders(first: ProvedModel): Record<string, string> {
  const numberedOnes = Object.values(openings(first, PLACES));
  return Object.fromEntries(
    PLACES.map((place, at) => [
      `private/${orderName(place).replace('.proof.', '.opening.')}`,
      numberedOnes[at]!,
    ]),
  );
}
