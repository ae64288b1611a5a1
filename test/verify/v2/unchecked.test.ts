import { expect, test } from 'vitest';
import { readFileJson } from '../../../src/verify/json/read-file.ts';
import { readBundleV2, readOpeningV2 } from '../../../src/verify/v2/read-bundle.ts';
import { readRecordV2 } from '../../../src/verify/v2/read-record.ts';
import type { ModelRecordV2 } from '../../../src/verify/v2/record-types.ts';
import { openEnvelopeV2 } from '../../../src/verify/v2/statement.ts';
import { uncheckedOf } from '../../../src/verify/v2/unchecked.ts';
import { BUNDLE, MODEL, OPENING } from '../support/spec-example.ts';

const bundle = readFileJson(BUNDLE, readBundleV2);
const model = readFileJson(MODEL, readRecordV2);
const opening = readFileJson(OPENING, readOpeningV2);
const { statement } = openEnvelopeV2(bundle.statement);
const other = { x: { other: { y: 1 } } };

const paths = (parts: Parameters<typeof uncheckedOf>[0]) => uncheckedOf(parts).map(({ path }) => path);

test('the sidecar of the example', () => {
  const { about, type } = bundle.sidecars!.logProof!;
  expect(uncheckedOf({ bundle, model, statement, opening })).toEqual([
    { path: 'sidecars.logProof', about, type },
  ]);
});

test('lists every other, but nothing inside it', () => {
  const { sidecars: _, ...bare } = bundle;
  const logProof = { ...bundle.sidecars!.logProof!, other };
  const output = { ...model.interface.outputs[0]!, other };
  const full: ModelRecordV2 = {
    ...model,
    other,
    interface: { ...model.interface, outputs: [output], input: { ...model.interface.input, other } },
    manifest: {
      ...model.manifest,
      tools: { other: '1.0.0' },
      claims: { ...model.manifest.claims, other },
    },
    quality: { ...model.quality, other },
    setup: { ...model.setup, other },
    sidecars: { attestations: [{ ...logProof, about: { what: 'model', sha256: model.ids.modelId } }] },
  };
  const found = paths({
    bundle: { ...bare, other, sidecars: { logProof, other } },
    model: full,
    statement: { ...statement, predicate: { ...statement.predicate, other } },
    opening: { ...opening, other },
  });
  expect(found).toEqual([
    'model.interface.input.other.x',
    'model.interface.outputs[0].other.x',
    'model.manifest.claims.other.x',
    'model.other.x',
    'model.quality.other.x',
    'model.setup.other.x',
    'model.sidecars.attestations[0]',
    'model.sidecars.attestations[0].other.x',
    'opening.other.x',
    'other.x',
    'sidecars.logProof',
    'sidecars.logProof.other.x',
    'sidecars.other.x',
    'statement.predicate.other.x',
  ]);
});

test('a packed bundle lists its model once', () => {
  const packed = { ...bundle, model: { ...model, other } };
  expect(paths({ bundle: packed, model: packed.model })).toEqual(['model.other.x', 'sidecars.logProof']);
});

test('a transcript that is named but not included', () => {
  const setup = { kind: 'ceremony', contributions: [], transcript: '0'.repeat(64) } as const;
  const named = { ...model, setup };
  expect(paths({ bundle, model: named })).toEqual(['model.setup.transcript', 'sidecars.logProof']);
  const transcript = bundle.sidecars!.logProof!;
  expect(paths({ bundle, model: { ...named, sidecars: { transcript } } })).toEqual([
    'model.sidecars.transcript',
    'sidecars.logProof',
  ]);
});
