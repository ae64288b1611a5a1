import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '../../../src/verify/json/base64.ts';
import { readFileJson } from '../../../src/verify/json/read-file.ts';
import { checkBundleSidecars, checkModelSidecars } from '../../../src/verify/v2/check-sidecars.ts';
import { sidecarDigest } from '../../../src/verify/v2/ids.ts';
import { readRecordV2 } from '../../../src/verify/v2/read-record.ts';
import type { ModelRecordV2 } from '../../../src/verify/v2/record-types.ts';
import type { ModelSidecars, Sidecar, SidecarSubject } from '../../../src/verify/v2/sidecar-types.ts';
import { MODEL } from '../support/spec-example.ts';

const example = readFileJson(MODEL, readRecordV2);
const { modelId, keyId } = example.ids;
const TRANSCRIPT = new TextEncoder().encode('transcript');
const STATEMENT = '5'.repeat(64);
const digestOf = (text: string) => sidecarDigest(new TextEncoder().encode(text));

function about(what: SidecarSubject, sha256: string, content = 'content'): Sidecar {
  return { about: { what, sha256 }, type: 'a/b', content: encodeBase64(new TextEncoder().encode(content)) };
}

function recordWith(sidecars: ModelSidecars, transcript?: string): ModelRecordV2 {
  const contributions = [{ name: 'a', hash: 'ab', kind: 'contribution' as const }];
  const setup = {
    kind: 'ceremony' as const,
    contributions,
    ...(transcript !== undefined && { transcript }),
  };
  return { ...example, setup, sidecars };
}

const named = sidecarDigest(TRANSCRIPT);

describe('of a model record', () => {
  test.each<[string, ModelSidecars, string?]>([
    ['about the model', { attestations: [about('model', modelId)], timestamps: [about('model', modelId)] }],
    ['about the key', { attestations: [about('key', keyId)] }],
    ['the transcript', { transcript: about('key', keyId, 'transcript') }, named],
    [
      'about a transcript that the record does not contain',
      { attestations: [about('transcript', named)] },
      named,
    ],
    [
      'about another sidecar',
      { attestations: [about('model', modelId, 'x')], timestamps: [about('sidecar', digestOf('x'))] },
    ],
  ])('%s', (_, sidecars, transcript) => {
    checkModelSidecars(recordWith(sidecars, transcript));
  });

  test.each<[string, ModelSidecars, string?]>([
    ['about another model', { attestations: [about('model', '0'.repeat(64))] }],
    ['a transcript with other content', { transcript: about('key', keyId, 'else') }, named],
    ['a transcript that the setup does not name', { transcript: about('key', keyId, 'transcript') }],
    ['a transcript about the model', { transcript: about('model', modelId, 'transcript') }, named],
    ['about a transcript that is not named', { attestations: [about('transcript', named)] }],
    ['about a statement', { attestations: [about('statement', STATEMENT)] }],
    ['about itself', { attestations: [about('sidecar', digestOf('content'))] }],
    ['about a missing sidecar', { timestamps: [about('sidecar', digestOf('x'))] }],
    ['unused bits that are not zero', { attestations: [{ ...about('model', modelId), content: 'YR==' }] }],
    ['content that is not base64', { attestations: [{ ...about('model', modelId), content: 'Y' }] }],
  ])('%s is refused', (_, sidecars, transcript) => {
    expect(() => checkModelSidecars(recordWith(sidecars, transcript))).toThrow(/^QP7208 .*model\.sidecars\./);
  });

  test('a development setup names no transcript', () => {
    const sidecars = { transcript: about('key', keyId, 'transcript') };
    expect(() => checkModelSidecars({ ...example, sidecars })).toThrow('QP7208');
  });
});

describe('of a bundle', () => {
  test('about its statement', () => {
    checkBundleSidecars(undefined, STATEMENT);
    const logProof = about('statement', STATEMENT, 'log');
    checkBundleSidecars({ logProof, timestamps: [about('sidecar', digestOf('log'))] }, STATEMENT);
  });

  test.each([
    about('statement', '1'.repeat(64)),
    about('model', modelId),
    about('key', keyId),
    about('sidecar', digestOf('content')),
  ])('about anything else is refused: $about.what', (sidecar) => {
    expect(() => checkBundleSidecars({ attestations: [sidecar] }, STATEMENT)).toThrow('QP7208');
    expect(() => checkBundleSidecars({ logProof: sidecar }, STATEMENT)).toThrow('QP7208');
  });
});
