import type { Json } from '../canonical.ts';
import { mixedA } from './bases.ts';
import { type CorpusV2, fails, VALID } from './corpus.ts';
import { sealed } from './edit.ts';

const CONTRACT = { flips: '0.005', error: '0.01' };
const JUDGED = { kind: 'judged', contract: CONTRACT, rows: 598 };
const LOSS = { kind: 'loss-accepted', contract: CONTRACT, rows: 45 };

type Row = readonly [id: string, what: string, value: Json, outcome?: string];

const QUALITIES: readonly Row[] = [
  [
    'judged',
    'Judged, and under both bounds',
    { ...JUDGED, flips: { count: 0, upper: '0.004997058694246492' }, error: '0.004' },
    'valid',
  ],
  ['judged-at-the-bound', 'Judged, and at the bound', { ...JUDGED, error: '0.01' }, 'valid'],
  [
    'judged-broken',
    'Judged, with more flips than the contract allows',
    { ...JUDGED, flips: { count: 0, upper: '0.006' } },
  ],
  ['error-broken', 'Judged, with a larger error than the contract allows', { ...JUDGED, error: '0.02' }],
  ['loss-kept', 'A loss accepted, where there is none', { ...LOSS, error: '0.001' }],
  ['loss', 'A loss accepted', { ...LOSS, error: '0.02' }, 'valid'],
  [
    'loss-flips-only',
    'A loss accepted in flips, none in error',
    { ...LOSS, flips: { count: 9, upper: '0.3' }, error: '0' },
    'valid',
  ],
  [
    'everything-flips',
    'Every row flips, and the contract allows it',
    { kind: 'judged', contract: { flips: '1', error: '0' }, rows: 5, flips: { count: 5, upper: '1' } },
    'valid',
  ],
  ['nothing-measured', 'Judged, and nothing measured', JUDGED],
  ['count-above-rows', 'More flips than rows', { ...LOSS, flips: { count: 46, upper: '1' } }],
  ['upper-below-share', 'A bound below the share itself', { ...LOSS, flips: { count: 9, upper: '0.1' } }],
  ['upper-above-1', 'A share above 1', { ...LOSS, flips: { count: 9, upper: '1.5' } }],
  ['negative', 'A negative error', { ...JUDGED, error: '-0.1' }],
  [
    'contract-flips-2',
    'A contract that allows twice as many flips as rows',
    { ...JUDGED, contract: { flips: '2', error: '0' }, error: '0' },
  ],
  [
    'contract-negative',
    'A contract that nothing keeps',
    { kind: 'not-judged', contract: { flips: '0', error: '-1' }, rows: 5 },
  ],
  ['judged-rows-0', 'Judged on no rows', { ...JUDGED, rows: 0, error: '0' }, 'format QP7007'],
  [
    'not-judged-flips',
    'Not judged, with flips',
    { kind: 'not-judged', rows: 5, flips: { count: 0, upper: '0' } },
    'format QP7005',
  ],
  [
    'not-judged-contract',
    'Not judged, with a contract',
    { kind: 'not-judged', contract: CONTRACT, rows: 5 },
    'valid',
  ],
  ['none', 'No quality', undefined, 'format QP7006'],
];

const BEACON = { name: 'a beacon', hash: 'ef', kind: 'beacon' };
const CONTRIBUTIONS = [{ name: 'one', hash: 'cd'.repeat(64), kind: 'contribution' }, BEACON];
const TRANSCRIPT = 'ab'.repeat(32);

const SETUPS: readonly Row[] = [
  ['development', 'A development setup', { kind: 'development' }, 'valid'],
  [
    'development-contributions',
    'A development setup with contributions',
    { kind: 'development', contributions: [] },
    'format QP7005',
  ],
  [
    'ceremony-empty',
    'A ceremony without contributions',
    { kind: 'ceremony', contributions: [] },
    'format QP7007',
  ],
  [
    'ceremony-beacon-only',
    'A ceremony with nothing but a beacon',
    { kind: 'ceremony', contributions: [BEACON] },
    'setup QP7106',
  ],
  [
    'ceremony-one',
    'A ceremony with one contribution',
    { kind: 'ceremony', contributions: CONTRIBUTIONS.slice(0, 1) },
    'valid',
  ],
  [
    'ceremony',
    'A contribution and a beacon',
    {
      kind: 'ceremony',
      contributions: CONTRIBUTIONS,
      ptau: { blake2b: 'ab'.repeat(64), name: 'unrecognised' },
    },
    'valid',
  ],
  [
    'transcript-named',
    'A transcript named, and not carried',
    { kind: 'ceremony', contributions: CONTRIBUTIONS, transcript: TRANSCRIPT },
    'valid',
  ],
  [
    'development-transcript',
    'A development setup with a transcript',
    { kind: 'development', transcript: TRANSCRIPT },
    'format QP7005',
  ],
];

/** Qualities and setups. The pin is the id of the changed model. */
export function qualityCases(corpus: CorpusV2): void {
  for (const [id, what, quality, outcome = 'interface QP7107'] of QUALITIES) {
    const bundle = sealed(mixedA, ({ model }) => {
      model.quality = quality;
    });
    corpus.bundle(`quality/${id}`, what, mixedA, bundle, outcome === 'valid' ? VALID : fails(outcome), {
      pin: 'own',
    });
  }
  for (const [id, what, setup, outcome = 'valid'] of SETUPS) {
    const bundle = sealed(mixedA, ({ model }) => {
      model.setup = setup;
      delete model.sidecars;
    });
    const unchecked = [
      'sidecars.logProof',
      ...(setup.transcript === undefined ? [] : ['model.setup.transcript']),
    ];
    const right = outcome === 'valid' ? ({ verdict: 'valid', unchecked } as const) : fails(outcome);
    corpus.bundle(`setup/${id}`, what, mixedA, bundle, right, { pin: 'own' });
  }
}
