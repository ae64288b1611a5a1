import { expect, test } from 'vitest';
import { nearestTo } from '../../src/text/nearest.ts';
import { oneOf } from '../../src/text/words.ts';

test.each([
  ['--modle', ['--name', '--model', '--force'], '--model'],
  ['Verfy', ['prove', 'verify'], 'verify'],
  ['recipt', ['receipt', 'script'], 'receipt'],
  ['x', ['browser', 'solidity'], undefined],
  ['frobnicate', ['inspect'], undefined],
  ['ab', ['ba', 'ac'], 'ba'],
  ['', ['a'], undefined],
])('%j of %j is %j', (word, candidates, expected) => {
  expect(nearestTo(word, candidates)).toBe(expected);
});

test('a list of alternatives reads as a sentence', () => {
  expect(oneOf(['a'])).toBe('a');
  expect(oneOf(['a', 'b'])).toBe('a or b');
  expect(oneOf(['a', 'b', 'c'])).toBe('a, b or c');
});
