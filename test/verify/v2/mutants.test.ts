import { fileJson, modelIdsV2, type PreparedKey, verifyBundle } from '@quietproof/verify';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sealStatement } from '../../../src/verify/bundle/statement.ts';
import { statementOfV2 } from '../../../src/verify/v2/statement.ts';
import { MixedModel } from '../support/mixed-model.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const CASES = Number(process.env.FUZZ_CASES ?? 1500);
const TEXT = fileJson(new MixedModel().bundle());
const MODEL = (JSON.parse(TEXT) as { model: { ids: { modelId: string } } }).model.ids.modelId;
const keys = new Map<string, PreparedKey>();

const awkward: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    2 ** 40,
    2 ** 53 - 1,
    '',
    '0',
    '-1',
    '1e+21',
    '9'.repeat(78),
    'NaN',
    [],
    {},
  ),
  fc.constantFrom<Json>(
    'label',
    'category',
    'vector',
    'rank32',
    'integer',
    'affine',
    'future',
    'public',
    'digest',
  ),
  fc.constantFrom<Json>({ kind: 'future' }, { other: { x: 1 } }, [0, 1], ['1', '2'], [2 ** 26, 2 ** 26]),
);

/** Replaces, removes or doubles one place of a JSON value, or adds a member there. A number selects the place. */
const mutation = fc.record({ place: fc.nat(), how: fc.nat(3), value: awkward });
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(root: Json, { place, how, value: chosen }: Mutation): void {
  // A copy: the same object at two places of one tree could end up inside itself.
  const value = structuredClone(chosen) as Json;
  const places = placesOf(root);
  const { parent, key } = places[place % places.length]!;
  if (Array.isArray(parent)) {
    if (how === 0) parent[Number(key)] = value;
    else if (how === 1) parent.splice(Number(key), 1);
    else parent.push(how === 2 ? (structuredClone(parent[Number(key)]) as Json) : value);
  } else if (how === 1) delete parent[key];
  else parent[how === 0 ? key : how === 2 ? 'other' : 'kind'] = value;
}

function placesOf(value: Json): { parent: Json[] | { [key: string]: Json }; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [{ parent: value, key }, ...placesOf(member)]);
}

/** Recomputes ids and statement if the mutant allows it, so that another check must find the mutation. */
function reseal(mutant: { model: never; publicSignals: never; statement: Json }): void {
  try {
    const { model, publicSignals } = mutant as { model: { ids: object }; publicSignals: never };
    model.ids = modelIdsV2(model as never) as object;
    mutant.statement = sealStatement(
      statementOfV2(model as never, publicSignals, { salt: 'ab'.repeat(32) }),
    ) as unknown as Json;
  } catch {
    // Too much is missing: the mutant stays unsealed.
  }
}

/** The bundle without the parts that no id covers: the row, and `other` of bundle and record. */
function hashed({ row: _row, other: _other, model, ...bundle }: Record<string, object>): object {
  const { other, ...record } = model as Record<string, object>;
  return { ...bundle, record };
}

test(
  'no mutant of a bundle crashes, hangs, or passes as the original model',
  () => {
    const codes = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 2 }), fc.boolean(), (mutations, sealed) => {
        const mutant = JSON.parse(TEXT) as never;
        for (const one of mutations) mutate(mutant, one);
        if (fileJson(mutant) === TEXT) return;
        if (sealed) reseal(mutant);
        const verdict = verifyBundle(fileJson(mutant), { model: MODEL, keys });
        if (verdict.valid && !sealed) expect(hashed(mutant)).toEqual(hashed(JSON.parse(TEXT)));
        if (verdict.valid) expect(verdict.model?.modelId === MODEL).toBe(verdict.accepted);
        codes.set(verdict.code ?? 'valid', (codes.get(verdict.code ?? 'valid') ?? 0) + 1);
      }),
      { numRuns: CASES },
    );
    // Some mutants reached checks behind the readers.
    expect([...codes.keys()]).toEqual(
      expect.arrayContaining(['QP7005', 'QP7007', 'QP7012', 'QP7104', 'QP7105']),
    );
  },
  60_000 + 60 * CASES,
);
