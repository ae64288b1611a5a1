import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../../src/verify/json/base64.ts';

/** What the platform says is canonical. */
function isCanonical(text: string): boolean {
  try {
    return btoa(atob(text)) === text;
  } catch {
    return false;
  }
}

function decoded(text: string): Uint8Array | undefined {
  try {
    return decodeBase64(text);
  } catch {
    return undefined;
  }
}

test('what is encoded is decoded, whatever its length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
    }),
  );
});

test('every other text is refused: padding, unused bits, white space, other alphabets', () => {
  const unit = fc.constantFrom(...'AQgwBZaz09+/-_=\n é');
  const near = fc.string({ unit, maxLength: 12 });
  fc.assert(
    fc.property(near, (text) => {
      const bytes = decoded(text);
      expect(bytes !== undefined, text).toBe(isCanonical(text));
      if (bytes !== undefined) expect(encodeBase64(bytes)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['AB==', 'not canonical'],
  ['AAB=', 'not canonical'],
  ['AA', 'not canonical'],
  ['AAAA ', 'not canonical'],
  ['A', 'is not base64'],
  ['====', 'is not base64'],
  ['AA-_', 'is not base64'],
  ['AAA\u0141', 'is not base64'],
])('%j: %s', (text, why) => {
  expect(() => decodeBase64(text)).toThrow(why);
});
