/**
 * Nearly valid bundles of version 2. The verifier must not crash or hang, and must accept nothing but the pinned model
 * with the proved signals. Parts that nobody signed (row, sidecars, `other` of the bundle) and claims of the producer
 * (manifest, salt) may differ. `FUZZ_CASES` is as in fuzz.test.ts. The seed is fixed unless `FUZZ_SEED` is set.
 */
import { type PreparedKey, verifyBundle } from '@quietproof/verify';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { awkward, changed, damaged, places } from './fuzz-mutants.ts';
import { canonical, fileForm, type Json } from './make/canonical.ts';
import { statementOf } from './make/seal.ts';
import { type BaseV2, idA, labelA, mixedA, openA } from './make/v2/bases.ts';
import { nudge, saying } from './make/v2/edit.ts';
import { seal } from './make/v2/seal.ts';

const CASES = Number(process.env.FUZZ_CASES ?? 2400);
const SEED = Number(process.env.FUZZ_SEED ?? 20);
/** A case takes milliseconds. A parser with quadratic time would exceed this limit. */
const TIME_LIMIT_MS = 5000;
const BASES = [labelA, mixedA, openA, idA];
const keys = new Map<string, PreparedKey>();
const parameters = (share: number) => ({ numRuns: Math.ceil(CASES * share), seed: SEED });

/** Everything that the record id covers. */
function recordOf({ model, publicSignals }: Json): string {
  const { interface: modelInterface, quality, setup, verificationKey, manifest } = model ?? {};
  return canonical([
    publicSignals,
    modelInterface,
    quality,
    setup,
    verificationKey,
    manifest?.chain?.circuit,
  ]);
}

/** Expects a verdict within the time limit, and acceptance only of the same record. */
function examine(from: BaseV2, source: string | Uint8Array, made?: Json, companion?: string): void {
  const started = performance.now();
  const verdict = verifyBundle(source, {
    model: from.modelId,
    keys,
    ...(companion !== undefined && { companion }),
  });
  expect(performance.now() - started).toBeLessThan(TIME_LIMIT_MS);
  if (!verdict.accepted) {
    // A bundle without its model record is thin: not refused, but not enough to tell.
    const reason = verdict.checks.find(({ status }) => status === 'fail' || status === 'missing');
    expect(reason?.code).toBeDefined();
  } else expect(made === undefined ? 'damaged bytes' : recordOf(made)).toBe(recordOf(from.copy()));
}

const base = fc.constantFrom(...BASES);
const KINDS = [
  'label',
  'category',
  'score',
  'vector',
  'argmax',
  'threshold',
  'affine',
  'integer',
  'rank32',
  'constants',
  'committed',
  'judged',
  'loss-accepted',
  'not-judged',
  'development',
  'ceremony',
  'none',
  'uniform',
  'toString',
  '',
] as const;

type Edit = (parent: Json, key: string, value: Json, kind: string) => void;
/** Edits of members, kinds, lists and `other`. */
const EDITS: readonly Edit[] = [
  (parent, key) => {
    if (['string', 'number'].includes(typeof parent[key]) && parent[key] !== '')
      parent[key] = nudge(parent[key]);
  },
  (parent, key, value) => {
    parent[key] = value;
  },
  (parent, _key, _value, kind) => {
    if ('kind' in parent) parent.kind = kind;
  },
  (parent, _key, value) => {
    if (!Array.isArray(parent)) parent.other = { x: value };
  },
  (parent, key, value) => {
    if (Array.isArray(parent)) return;
    parent.other = { [key]: parent[key], x: value };
    delete parent[key];
  },
  (parent, key) => {
    if (Array.isArray(parent[key])) parent[key].push(...structuredClone(parent[key]));
  },
  (parent, key) => {
    if (Array.isArray(parent[key])) parent[key].reverse();
  },
  (parent, key) => {
    if (Array.isArray(parent[key])) parent[key] = parent[key].slice(0, -1);
    else if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else parent[key] = [parent[key], parent[key]];
  },
];

/** Applies one to three edits that follow the structure of a bundle; undefined if they change nothing. */
function edited(from: BaseV2): fc.Arbitrary<Json> {
  const all = places(from.copy()).filter((path) => path.length > 0);
  const edit = fc.tuple(
    fc.constantFrom(...all),
    fc.constantFrom(...EDITS),
    awkward,
    fc.constantFrom(...KINDS),
  );
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
    const value = from.copy();
    for (const [path, change, put, kind] of edits) {
      const parent = path.slice(0, -1).reduce((at, key) => at?.[key], value);
      if (typeof parent === 'object' && parent !== null)
        change(parent, path.at(-1)!, structuredClone(put), kind);
    }
    return canonical(value) === canonical(from.copy()) ? undefined : value;
  });
}

/** Recomputes all digests; undefined if too little of the bundle is left. */
function sealedAgain(value: Json): Json {
  try {
    return seal(value);
  } catch {
    return undefined;
  }
}

beforeAll(() => {
  for (const from of BASES)
    expect(verifyBundle(from.text, { model: from.modelId, keys }).accepted, from.file).toBe(true);
});

describe(`${CASES} cases of version 2`, () => {
  test('a bundle with damaged bytes', () => {
    const damage = base.chain((from) => damaged(from.text).map((bytes) => [from, bytes] as const));
    fc.assert(
      fc.property(damage, ([from, bytes]) => {
        fc.pre(!Buffer.from(bytes).equals(Buffer.from(from.text)));
        let made: Json;
        try {
          made = JSON.parse(Buffer.from(bytes).toString());
        } catch {
          made = undefined;
        }
        examine(from, bytes, made);
      }),
      parameters(0.2),
    );
  });

  test('a bundle with changed members, in file form', () => {
    const change = base.chain((from) =>
      fc.oneof(changed(from.copy), edited(from)).map((value) => [from, value] as const),
    );
    fc.assert(
      fc.property(change, ([from, value]) => {
        fc.pre(value !== undefined);
        examine(from, fileForm(value), value);
      }),
      parameters(0.3),
    );
  });

  test('the same, with all digests recomputed', () => {
    const change = base.chain((from) =>
      fc.oneof(changed(from.copy), edited(from)).map((value) => [from, value] as const),
    );
    fc.assert(
      fc.property(change, ([from, value]) => {
        fc.pre(value !== undefined);
        const forged = sealedAgain(value);
        fc.pre(forged !== undefined);
        examine(from, fileForm(forged), forged);
      }),
      parameters(0.3),
    );
  });

  test('a changed statement', () => {
    const change = base.chain((from) =>
      changed(() => statementOf(from.copy())).map((statement) => [from, statement] as const),
    );
    fc.assert(
      fc.property(change, ([from, statement]) => {
        fc.pre(statement !== undefined);
        const said = saying(from, (old) => {
          for (const key of Object.keys(old)) delete old[key];
          Object.assign(old, statement);
        });
        examine(from, fileForm(said), said);
      }),
      parameters(0.1),
    );
  });

  test('a thin bundle with a changed model record', () => {
    const change = base.chain((from) =>
      changed(() => from.copy().model).map((record) => [from, record] as const),
    );
    fc.assert(
      fc.property(change, ([from, record]) => {
        fc.pre(record !== undefined);
        const { model: _, ...thin } = from.copy();
        examine(from, fileForm(thin), { ...thin, model: record }, fileForm(record));
      }),
      parameters(0.1),
    );
  });
});
