import { fileJson, keyId, publicSignalsDigest } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { contextSignal } from '../../../src/verify/interface/context.ts';
import { decodeBase64 } from '../../../src/verify/json/base64.ts';
import { readFileJson } from '../../../src/verify/json/read-file.ts';
import { checkInterfaceV2 } from '../../../src/verify/v2/check-interface.ts';
import { checkBundleSidecars, checkModelSidecars } from '../../../src/verify/v2/check-sidecars.ts';
import { interfaceDigestV2, modelIdsV2, recordIdentity, sidecarDigest } from '../../../src/verify/v2/ids.ts';
import { readBundleV2, readOpeningV2 } from '../../../src/verify/v2/read-bundle.ts';
import { readRecordV2 } from '../../../src/verify/v2/read-record.ts';
import { checkBindingV2, openEnvelopeV2 } from '../../../src/verify/v2/statement.ts';
import { BUNDLE, contextVectors, MODEL, OPENING, STATEMENT, vector } from '../support/spec-example.ts';

const bundle = readFileJson(BUNDLE, readBundleV2);
const model = readFileJson(MODEL, readRecordV2);
const read = openEnvelopeV2(bundle.statement);

describe('the example of SPEC.md, section 20', () => {
  test('reads back byte for byte', () => {
    expect([fileJson(bundle), fileJson(model)]).toEqual([BUNDLE, MODEL]);
    expect(fileJson(readFileJson(OPENING, readOpeningV2))).toBe(OPENING);
    expect(fileJson(read.statement)).toBe(STATEMENT);
  });

  test('has the ids and digests of the table', () => {
    expect(modelIdsV2(model)).toEqual(model.ids);
    expect(model.ids).toMatchObject({ modelId: vector('model id'), keyId: keyId(model.verificationKey) });
    expect(interfaceDigestV2(model.interface)).toBe(vector('interface digest'));
    expect(read.statementDigest).toBe(vector('statement digest'));
    expect(read.leaf).toBe(vector('leaf'));
    expect(recordIdentity(model.ids.modelId, bundle.publicSignals)).toBe(vector('record id'));
    expect(sidecarDigest(decodeBase64(bundle.sidecars!.logProof!.content))).toBe(vector('sidecar digest'));
  });

  test('is consistent', () => {
    expect(checkInterfaceV2(model.interface).plan.output).toEqual([2n]);
    checkBindingV2(read.statement, model, bundle.publicSignals);
    checkModelSidecars(model);
    checkBundleSidecars(bundle.sidecars, read.statementDigest);
    expect(read.statement.subject[1].digest.sha256).toBe(publicSignalsDigest(bundle.publicSignals));
  });
});

test('context signals of a caller and a record', () => {
  const recordPart = Uint8Array.from({ length: 32 }, (_, i) => i);
  for (const { callerPart, signal } of contextVectors()) {
    expect(contextSignal(new TextEncoder().encode(callerPart), recordPart).toString()).toBe(signal);
  }
  expect(() => contextSignal(new Uint8Array(), recordPart.subarray(1))).toThrow(RangeError);
});
