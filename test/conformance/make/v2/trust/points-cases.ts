/** Contributors who did not compare the circuit: their steps count by the points that a re-deriver lists. */
import type { Json } from '../../canonical.ts';
import { ALL, contribution, rederivation, type Signed } from './honest.ts';
import { envelope } from './signing.ts';
import type { Told } from './told-cases.ts';

const [ADA, GRACE, AUDIT] = ALL as [string, string, string];

/** The points after each number of contributions. */
const SETS = [0, 1, 2].map((index) => ({ c: 3, h: 8, sha256: `${index}a`.repeat(32) })) as [Json, Json, Json];
const LISTED = SETS.map((set, index) => ({ ...set, index }));

interface Changes {
  readonly points?: (points: Json) => Json;
  readonly listed?: (listed: Json) => Json;
  readonly rederivation?: (statement: Json) => void;
  readonly auditor?: string;
}

/** Ada did not compare the circuit, and says which points she received and returned. Somebody lists points. */
const blind =
  ({ points = (own) => own, listed = (own) => own, rederivation: change, auditor = 'audit' }: Changes = {}) =>
  (signed: Signed) => {
    const own = contribution(1, 'ada');
    delete own.predicate.checked;
    const said = points({ received: SETS[0], returned: SETS[1] });
    if (said !== undefined) own.predicate.points = said;
    signed.ada = envelope(own, 'ada');
    const checks = rederivation(auditor);
    const list = listed(structuredClone(LISTED));
    if (list !== undefined) checks.predicate.points = list;
    change?.(checks);
    const made = envelope(checks, auditor);
    if (auditor === 'audit') signed.audit = made;
    else signed.more.push(made);
  };

export const POINTS: readonly Told[] = [
  ['points-listed', 'A contributor without the circuit, whose points a re-deriver lists', blind(), []],
  [
    'points-unchecked',
    'A contributor who neither compared the circuit nor names points',
    blind({ points: () => undefined }),
    [ADA],
  ],
  ['points-unlisted', 'Points that nobody lists', blind({ listed: () => undefined }), [ADA]],
  [
    'points-returned-alone',
    'Only the points that were returned',
    blind({ points: ({ returned }) => ({ returned }) }),
    [],
  ],
  [
    'points-foreign-received',
    'A foreign point among those received',
    blind({ points: (own) => ({ ...own, received: { ...SETS[0], sha256: 'ff'.repeat(32) } }) }),
    [ADA],
  ],
  [
    'points-foreign-returned',
    'A foreign point among those returned',
    blind({ points: (own) => ({ ...own, returned: { ...SETS[1], sha256: 'ff'.repeat(32) } }) }),
    [ADA],
  ],
  [
    'points-more-c',
    'One more point than the circuit has',
    blind({ points: (own) => ({ ...own, received: { ...SETS[0], c: 4 } }) }),
    [ADA],
  ],
  [
    'points-more-h',
    'One more point of H',
    blind({ points: (own) => ({ ...own, returned: { ...SETS[1], h: 9 } }) }),
    [ADA],
  ],
  [
    'points-stale',
    'The points of a later step than the one signed',
    blind({ points: () => ({ received: SETS[1], returned: SETS[2] }) }),
    [ADA],
  ],
  [
    'points-listed-elsewhere',
    'The points are listed for another step',
    blind({ listed: (own) => own.map((one: Json) => ({ ...one, index: one.index + 1 })) }),
    [ADA],
  ],
  ['points-listed-by-producer', 'Only the producer lists them', blind({ auditor: 'bank' }), [ADA]],
  [
    'points-listed-by-contributor',
    'Only somebody lists them whom no rule asks to derive the key again',
    blind({ auditor: 'grace' }),
    [ADA],
  ],
  [
    'points-listed-for-other-model',
    'Only a re-derivation of another model lists them',
    blind({
      auditor: 'watch',
      rederivation: ({ subject }) => {
        subject[0].digest.sha256 = 'cd'.repeat(32);
      },
    }),
    [ADA],
  ],
  [
    'points-listed-later',
    'They are listed later than the time asked for',
    blind({
      auditor: 'watch',
      rederivation: ({ predicate }) => {
        predicate.date = '2026-11-27T12:00:01Z';
      },
    }),
    [ADA],
  ],
  [
    'points-listed-by-second',
    'Another of those who may derive the key again lists them',
    blind({ auditor: 'watch' }),
    [],
    ['rederivation:Watch'],
  ],
  [
    'points-of-checked',
    'Points that nobody lists, of a contributor who compared the circuit',
    (signed) => {
      const own = contribution(1, 'ada');
      own.predicate.points = { returned: SETS[1] };
      signed.ada = envelope(own, 'ada');
    },
    [],
  ],
  [
    'points-rival',
    'A second signer of a step, whose points nobody lists',
    (signed) => {
      const rival = contribution(1, 'grace');
      delete rival.predicate.checked;
      rival.predicate.points = { returned: SETS[1] };
      signed.grace = envelope(rival, 'grace');
    },
    [GRACE],
  ],
  [
    'points-negative',
    'A negative number of points',
    blind({ points: (own) => ({ ...own, returned: { ...SETS[1], c: -1 } }) }),
    [ADA],
  ],
  [
    'points-without-h',
    'No points of H',
    blind({ points: (own) => ({ ...own, returned: { ...SETS[1], h: 0 } }) }),
    [ADA],
  ],
  [
    'points-received-alone',
    'Only the points that were received',
    blind({ points: ({ received }) => ({ received }) }),
    [ADA],
  ],
  [
    'points-member',
    'A set of points with a member that is not known',
    blind({ points: (own) => ({ ...own, more: 1 }) }),
    [ADA],
  ],
  ['points-empty-list', 'A list of no points', blind({ listed: () => [] }), [ADA, AUDIT]],
  [
    'points-long-list',
    'A list of more than 256 sets',
    blind({ listed: () => Array.from({ length: 257 }, (_, index) => ({ ...SETS[0], index })) }),
    [ADA, AUDIT],
  ],
  ['points-list-without-index', 'A listed set of no step', blind({ listed: () => SETS }), [ADA, AUDIT]],
];
