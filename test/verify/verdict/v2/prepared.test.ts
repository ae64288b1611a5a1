import { fileJson, prepareModel, verifyBundle } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { sealStatement } from '../../../../src/verify/bundle/statement.ts';
import { readFileJson } from '../../../../src/verify/json/read-file.ts';
import { readBundleV2 } from '../../../../src/verify/v2/read-bundle.ts';
import { readRecordV2 } from '../../../../src/verify/v2/read-record.ts';
import { openEnvelopeV2 } from '../../../../src/verify/v2/statement.ts';
import { openStatement } from '../../../../src/verify/versions/record.ts';
import { BUNDLE, MODEL } from '../../support/spec-example.ts';

const bundle = readFileJson(BUNDLE, readBundleV2);
const model = readFileJson(MODEL, readRecordV2);
const { statement } = openEnvelopeV2(bundle.statement);
const ZERO = '0'.repeat(64);

/** The manifest is not in the model id: only the statement binds it. */
const otherManifest = {
  ...model,
  manifest: { ...model.manifest, tools: { ...model.manifest.tools, x: '1' } },
};
const stated = (change: object) => {
  const { sidecars: _, ...rest } = bundle;
  return fileJson({ ...rest, statement: sealStatement({ ...statement, ...change }) });
};

// A record that is prepared once is not digested again for each of its bundles.
describe('a prepared record refuses what the record refuses', () => {
  test.each([
    ['QP7205', 'another manifest in the record', BUNDLE, otherManifest],
    [
      'QP7205',
      'another manifest in the statement',
      stated({ predicate: { ...statement.predicate, manifest: ZERO } }),
      model,
    ],
    [
      'QP7202',
      'another model',
      stated({ subject: [{ name: 'model', digest: { sha256: ZERO } }, statement.subject[1]] }),
      model,
    ],
    [
      'QP7203',
      'other signals',
      stated({ subject: [statement.subject[0], { name: 'public-signals', digest: { sha256: ZERO } }] }),
      model,
    ],
    ['QP7208', 'a sidecar of another statement', sidecarOf(ZERO), model],
  ])('%s: %s', (code, _, source, record) => {
    const companion = fileJson(record);
    const verdict = verifyBundle(source, { companion: prepareModel(companion), anyModel: true });
    expect(verdict).toMatchObject({ accepted: false, outcome: 'invalid', code });
    expect(verdict).toEqual(verifyBundle(source, { companion, anyModel: true }));
  });

  test('what is known of one record says nothing of another', () => {
    const record = { version: 2, bundle, model: otherManifest } as const;
    expect(() => openStatement(record, prepareModel(MODEL)).checkBinding()).toThrow('QP7205');
  });
});

function sidecarOf(sha256: string): string {
  const logProof = { ...bundle.sidecars!.logProof!, about: { what: 'statement', sha256 } };
  return fileJson({ ...bundle, sidecars: { logProof } });
}
