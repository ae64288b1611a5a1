import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from '../../src/data/json-syntax.ts';

describe('findJsonFault', () => {
  it('agrees with JSON.parse on what is JSON', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', ',', ']', '}', '"', '0', '-', '.', ' ', 'e', '\\', ':'),
        (text, at, extra) => {
          const place = at % (text.length + 1);
          const changed = text.slice(0, place) + extra + text.slice(place + (at % 2));
          let isJson = true;
          try {
            JSON.parse(changed);
          } catch {
            isJson = false;
          }
          expect(findJsonFault(changed) === undefined).toBe(isJson);
        },
      ),
      { numRuns: 2000, seed: 7 },
    );
  });

  it.each([
    ['', 0, 'the end of the file'],
    ['[1 2]', 3, '"2"'],
    ['{"a" 1}', 5, '"1"'],
    ['{a: 1}', 1, 'a'],
    ['[01]', 2, '"1"'],
    ['[nan]', 1, 'nan'],
    ['[1]]', 3, '"]"'],
    ['[1}', 2, '"}"'],
    ['[1,]', 3, '"]"'],
  ])('finds the place in %s', (text, offset, found) => {
    expect(findJsonFault(text)).toMatchObject({ offset, found });
  });

  it('handles any depth', () => {
    expect(findJsonFault('['.repeat(200_000))?.offset).toBe(200_000);
  });
});
