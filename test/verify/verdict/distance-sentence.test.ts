import { encodeRow, type InterfaceV2, type RowValue, readingOf } from '@quietproof/verify';
import { expect, it } from 'vitest';
import { distanceSentence } from '../../../src/verify/verdict/decode-input.ts';
import { mixedInterface } from '../support/mixed-model.ts';

type Parts = InterfaceV2['input']['parts'];

const PARTS = mixedInterface.input.parts;
const amount = PARTS[0]!;
const months = PARTS[1]!;

const GAVE = 'What was proved is the row you gave';
const history = Array<number>(24).fill(0);

it.each<[string, Parts, readonly RowValue[], string]>([
  [
    'float32 numbers',
    [amount],
    [0.5],
    `${GAVE}, each number as the nearest float32; every number is a float32`,
  ],
  [
    'float32 numbers and whole ones',
    [amount, months],
    [0.1, 5],
    `${GAVE}, each number as the nearest float32; farthest: amount, 1.49e-9 EUR from it (step 7.45e-9 EUR)`,
  ],
  ['whole numbers', [months], [5], `${GAVE}; no number is rounded`],
  [
    'steps of the model too',
    PARTS,
    [0.5, 5, 'car', ...history],
    `${GAVE}, rounded to the model's steps; every value lies on a step`,
  ],
])('Of %s, a verdict says what happened to the row', (_, parts, row, sentence) => {
  const { input } = readingOf({ ...mixedInterface, input: { mode: 'digest', parts } });
  const encoded = encodeRow(input, row);
  const values = encoded.map(({ integer }) => integer);
  const deviations = encoded.map(({ deviation }) => deviation);
  expect(distanceSentence(input, { values, given: { row, deviations } })).toBe(sentence);
});
