import type { Json } from '../canonical.ts';
import { AMOUNT, type Ask, type AskCase, asker, FIRST, MONTHS, PURPOSE } from './ask-row.ts';
import { mixedA } from './bases.ts';
import { type CorpusV2, fails, VALID } from './corpus.ts';
import { smallToy } from './models.ts';
import { toyBundle, toyOpening } from './toy.ts';

/** Rows for every kind of encoding, at the ends of the range and between two steps. */
export function encodingCases(corpus: CorpusV2): void {
  const ask = asker(corpus);
  affineCases(ask, corpus);
  gapCases(ask);
  rankCases(ask);
  integerCases(ask);
  categoryCases(ask);
  rowCases(ask);
}

/** The first feature of `history`, with offset 0 and step 0.5; the proved value is 1. */
function affineCases(ask: AskCase, corpus: CorpusV2): void {
  const zero = { [FIRST]: 0 };
  ask('row-half-step', 'Half a step above a value: the next one', { row: { [FIRST]: 0.25 } });
  ask('row-just-below-half', 'Less than half a step above it, by the last bit', {
    row: { [FIRST]: 0.7499999999999999 },
  });
  ask('row-49999999999999994', '0.49999999999999994 steps, which is not half a step (version 1 says it is)', {
    proved: zero,
    row: { [FIRST]: 0.24999999999999997 },
  });
  ask('row-below-within-half', '0.4 steps below the offset', { proved: zero, row: { [FIRST]: -0.2 } });
  ask('row-below-half', 'Half a step below the offset', { proved: zero, row: { [FIRST]: -0.25 } });
  ask(
    'row-below-clipped',
    '0.6 steps below the offset',
    { proved: zero, row: { [FIRST]: -0.3 } },
    'input QP7605',
  );
  ask('row-above-within-half', '0.4 steps above the largest value', {
    proved: { [FIRST]: 255 },
    row: { [FIRST]: 127.7 },
  });
  ask(
    'row-above-clipped',
    'Half a step above the largest value',
    { proved: { [FIRST]: 255 }, row: { [FIRST]: 127.75 } },
    'input QP7605',
  );
  ask('row-next-value', 'A value further', { row: { [FIRST]: 1 } }, 'input QP7604');
  const second = smallToy(
    'groups along the second axis',
    [{ shape: [2, 2], encoding: { kind: 'affine', axes: [1], offset: '0', step: ['1', '2'], max: '31' } }],
    { values: [2, 2, 2, 2] },
  );
  const outer = smallToy(
    'groups along the first and the third axis',
    [
      {
        shape: [2, 2, 3],
        encoding: { kind: 'integer', axes: [0, 2], lo: ['0', '10', '20', '30', '40', '50'], max: '7' },
      },
    ],
    { values: Array(12).fill(1) },
  );
  for (const [id, what, toy, input, outcome] of [
    ['group-axis', 'Steps of the second axis', second, [2, 4, 2, 4], VALID],
    [
      'group-wrong-axis',
      'Steps of the second axis, taken for the first',
      second,
      [2, 2, 4, 4],
      fails('input QP7604'),
    ],
    ['group-axes', 'lo of two axes', outer, [1, 11, 21, 1, 11, 21, 31, 41, 51, 31, 41, 51], VALID],
    [
      'group-wrong-axes',
      'lo of two axes, taken in another order',
      outer,
      [1, 11, 21, 31, 41, 51, 1, 11, 21, 31, 41, 51],
      fails('input QP7605'),
    ],
  ] as const) {
    const from = { ...mixedA, unchecked: [], context: toy.caller };
    corpus.bundle(`input/row-${id}`, what, from, toyBundle(toy), outcome, {
      pin: 'own',
      opening: toyOpening(toy),
      input,
    });
  }
}

/** The first feature of `history`, whose last integer stands for a missing value. */
function gapCases(ask: AskCase): void {
  const coded = { 'input.parts.3.encoding.nan': 'coded' };
  const gap = (
    id: string,
    what: string,
    u: number,
    x: Json,
    outcome?: string,
    change: Ask['interface'] = coded,
  ) => ask(`gap-${id}`, what, { interface: change, proved: { [FIRST]: u }, row: { [FIRST]: x } }, outcome);
  gap('missing', 'A missing value, as NaN', 255, 'NaN');
  gap('last-number', 'The number below the place of a missing value', 254, 127);
  gap('number', 'A number in the place of a missing value', 255, 127.5, 'input QP7605');
  gap('number-for-missing', 'A number where a missing value was proved', 255, 1, 'input QP7604');
  gap('missing-for-number', 'A missing value where a number was proved', 2, 'NaN', 'input QP7604');
  gap('null', 'null where a missing value was proved', 255, null, 'input QP7605');
  gap('not-coded', 'NaN where no missing value is coded', 255, 'NaN', 'input QP7605', {});
  const opened = { interface: coded, proved: { [FIRST]: 255 } };
  ask('gap-opening', 'An opening with a missing value', { ...opened, input: { [FIRST]: 'NaN' } });
  ask(
    'gap-opening-number',
    'An opening with a number in its place',
    { ...opened, input: { [FIRST]: '1' } },
    'input QP7603',
  );
}

/** The feature `amount`; the ranks are those of SPEC.md, section 20. */
function rankCases(ask: AskCase): void {
  const rank = (
    id: string,
    what: string,
    u: number | undefined,
    x: Json,
    outcome?: string,
    change?: Ask['interface'],
  ) =>
    ask(
      `rank32-${id}`,
      what,
      {
        ...(u !== undefined && { proved: { [AMOUNT]: u } }),
        ...(change && { interface: change }),
        row: { [AMOUNT]: x },
      },
      outcome,
    );
  const coded = { 'input.parts.0.encoding.nan': 'coded' };
  const refused = 'input QP7605';
  const [zero, one, max, infinity] = [2139095040, 3204448256, 4278190079, 4278190080];
  rank('0.1', '0.1', undefined, 0.1);
  rank('next', 'The next float32 above 0.1', undefined, 0.10000000894069672, 'input QP7604');
  rank('minus-zero', '-0', zero, '=-0');
  rank('tie-even', 'Half-way between 1 and the next: 1, which is even', one, 1.0000000596046448);
  rank('tie-up', 'Half-way between the next and the one after it: the latter', one + 2, 1.0000001788139343);
  rank('subnormal', '1e-45', zero + 1, 1e-45);
  rank('below-subnormal', '1e-46: 0', zero, 1e-46);
  rank('minus-one', '-1', 1073741824, -1);
  rank('infinity', 'Infinity, as a text', infinity, 'Infinity');
  rank('minus-infinity', '-Infinity, as a text', 0, '-Infinity');
  rank('max', 'The largest float32', max, 3.4028234663852886e38);
  rank('max-rounded', 'Above the largest float32 by less than half a step', max, 3.4028235677973362e38);
  rank('max-plus', 'Above the largest float32 by half a step', infinity, 3.4028235677973366e38, refused);
  rank('overflow', '1e39, which is no infinity', infinity, 1e39, refused);
  rank('minus-overflow', '-1e39, which is no infinity', 0, -1e39, refused);
  rank(
    'overflow-double',
    '1e400, a number beyond the doubles, which is no infinity',
    infinity,
    '=1e400',
    refused,
  );
  rank('nan-refused', 'NaN, which the model refuses', infinity, 'NaN', refused);
  rank('nan-coded', 'NaN, which the model has a code for', 4278190081, 'NaN', undefined, coded);
  rank('nan-coded-infinity', 'Infinity where NaN was proved', 4278190081, 'Infinity', 'input QP7604', coded);
  ask('rank32-opening-infinity', "-Infinity in the opening's own row", {
    proved: { [AMOUNT]: 0 },
    input: { [AMOUNT]: '-Infinity' },
  });
  ask(
    'rank32-opening-inf-word',
    "Another word for infinity in the opening's own row",
    { proved: { [AMOUNT]: infinity }, input: { [AMOUNT]: 'inf' } },
    'input QP7603',
  );
  rank('inf-word', 'Another word for infinity', infinity, 'inf', refused);
  rank('text', 'A number as a text', undefined, '0.1', refused);
}

function integerCases(ask: AskCase): void {
  const integer = (id: string, what: string, x: Json, outcome?: string, change?: Partial<Ask>) =>
    ask(`integer-${id}`, what, { ...change, row: { [MONTHS]: x } }, outcome);
  integer('5.0', '5.0 is an integer', '=5.0');
  integer('fraction', '5.5', 5.5, 'input QP7605');
  integer('2^53', '2^53', 2 ** 53, 'input QP7605');
  integer('negative', 'One below the least', -1, 'input QP7605');
  integer('above', 'One above the largest', 128, 'input QP7605');
  integer('other', 'Another integer', 6, 'input QP7604');
  integer('text', 'An integer as a text', '5', 'input QP7605');
  // With a range that includes the ranks of the infinities.
  const wide = { 'input.parts.1.encoding.max': '4294967295' };
  const ranks = { proved: { [MONTHS]: 4278190080 }, interface: wide };
  integer('wide', 'An integer of 32 bits', 4278190080, 'valid', ranks);
  integer(
    'infinity-word',
    'Infinity for an integer, where its rank was proved',
    'Infinity',
    'input QP7605',
    ranks,
  );
  integer('infinity', 'A number beyond the doubles', '=1e400', 'input QP7605', ranks);
  integer('lo', 'Counted from lo', -95, 'valid', { interface: { 'input.parts.1.encoding.lo': '-100' } });
}

function categoryCases(ask: AskCase): void {
  const refusing = { 'input.parts.2.encoding.unknown': 'refused' };
  const cafe = { ...refusing, 'input.parts.2.encoding.values': ['caf\u00e9', 'th\u00e9'] };
  const category = (id: string, what: string, x: Json, outcome?: string, change?: Partial<Ask>) =>
    ask(`category-${id}`, what, { ...change, row: { [PURPOSE]: x } }, outcome);
  category('index', 'An index instead of the text', 0, 'input QP7605');
  category('case', 'The text in another case, and unknown ones are refused', 'Car', 'input QP7605', {
    interface: refusing,
  });
  category('unknown', 'A text that the model does not know, and has a code for', 'boat', 'valid', {
    proved: { [PURPOSE]: 3 },
  });
  category('unknown-word', 'Another text that it does not know: the same code', 'ship', 'valid', {
    proved: { [PURPOSE]: 3 },
  });
  category(
    'unknown-other',
    'A text that it does not know, where "other" was proved',
    'boat',
    'input QP7604',
    { proved: { [PURPOSE]: 2 } },
  );
  category('other-value', 'Another category', 'education', 'input QP7604');
  category('number', 'A number where an unknown text was proved', 5, 'input QP7605', {
    proved: { [PURPOSE]: 3 },
  });
  category('null', 'null where an unknown text was proved', null, 'input QP7605', {
    proved: { [PURPOSE]: 3 },
  });
  category('nfc', 'A text with an accent', 'caf\u00e9', 'valid', { interface: cafe });
  category('nfd', 'The same word in another Unicode form', 'cafe\u0301', 'input QP7605', { interface: cafe });
}

function rowCases(ask: AskCase): void {
  const refused = 'input QP7605';
  ask(
    'affine-infinity-word',
    'Infinity for a feature that has no such value',
    { row: { [FIRST]: 'Infinity' } },
    refused,
  );
  ask('affine-text', 'A number as a text', { row: { [FIRST]: '0.5' } }, refused);
  ask('row-null', 'null in the row', { row: { [FIRST]: null } }, refused);
  ask('row-true', 'true in the row', { row: { [MONTHS]: true } }, refused);
}
