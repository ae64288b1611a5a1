import type { Json } from '../canonical.ts';
import { R } from '../points.ts';
import { AMOUNT, FIRST, MONTHS, PURPOSE, replaced, rowText } from './ask-row.ts';
import { labelB, mixedA, mixedB, openA } from './bases.ts';
import { type CorpusV2, fails, lacks, VALID } from './corpus.ts';
import { changed, put } from './edit.ts';
import { EVERY_KIND, MIXED_A, VALUES_A } from './models.ts';
import { type Toy, toyBundle, toyOpening, widthsOf } from './toy.ts';

/** Rows and openings that match the proved input, and others that do not. */
export function inputCases(corpus: CorpusV2): void {
  const opened = (id: string, what: string, ...rest: [Json, string?, Json?]) => {
    const [opening, outcome = 'valid', input] = rest;
    corpus.bundle(`input/${id}`, what, mixedA, mixedA.copy(), outcome === 'valid' ? VALID : fails(outcome), {
      opening,
      ...(input !== undefined && { input }),
    });
  };
  const own = mixedA.copyOpening();
  const { input: _, ...bare } = own;
  opened('opening', 'Opened by its own opening', own);
  opened('opening-and-row', 'Opened, and the row is the one', own, 'valid', rowText({}));
  opened('opening-no-input', 'An opening without a row', bare);
  const { row: __, ...rowless } = own;
  opened('opening-without-row-member', 'An opening without a row number', rowless);
  opened('opening-other-model', "An opening's model id and row number only help to find it", {
    ...own,
    modelId: labelB.modelId,
    row: { index: 41 },
  });
  openingCases(corpus, opened, own, bare);
  publicCases(corpus, own);
}

function openingCases(
  corpus: CorpusV2,
  opened: (id: string, what: string, opening: Json, outcome?: string) => void,
  own: Json,
  bare: Json,
): void {
  const refused = 'input QP7603';
  const texts = (changes: Readonly<Record<number, string>>) => replaced<string>(own.input, changes);
  const values = (changes: Readonly<Record<number, number>>) => replaced<number>(own.values, changes);
  // A single value with 5 above the low 32 bits packs like the pair (amount, 5 months).
  opened(
    'value-above-width',
    'A value that packs into the next',
    { ...bare, values: values({ 0: own.values[0] + 5 * 2 ** 32, 1: 0 }) },
    refused,
  );
  opened('fewer-values', 'A value less', { ...bare, values: own.values.slice(0, -1) }, refused);
  opened('more-values', 'A zero more', { ...bare, values: [...own.values, 0] }, refused);
  opened('other-value', 'Another value', { ...bare, values: values({ 1: 6 }) }, refused);
  opened('other-opening', "Another row's opening", mixedB.copyOpening(), refused);
  opened(
    'opening-input-not-real',
    'A real that is not in its shortest form',
    { ...own, input: texts({ 3: '0.50' }) },
    refused,
  );
  opened(
    'opening-input-short',
    'An input less in the opening',
    { ...own, input: own.input.slice(0, -1) },
    refused,
  );
  opened(
    'opening-input-other',
    "Another row's input in the opening",
    { ...own, input: mixedB.copyOpening().input },
    refused,
  );
  opened(
    'opening-input-clipped',
    'An input in the opening that cannot be encoded',
    { ...own, input: texts({ 3: '-1' }) },
    refused,
  );
  opened(
    'salt-plus-r',
    'A salt of r more opens the same digest, and is above 2^128',
    { ...own, salt: (BigInt(own.salt) + R).toString() },
    refused,
  );
  opened('opening-minified', 'The opening is not in file form', JSON.stringify(own), 'input QP7009');
  const swap: Toy = { ...MIXED_A, values: replaced(VALUES_A, { [MONTHS]: 2, [PURPOSE]: 1 }) };
  corpus.bundle(
    'input/parts-swapped',
    'The values of two parts swapped',
    mixedA,
    toyBundle(swap),
    fails(refused),
    {
      opening: {
        ...toyOpening(swap),
        values: replaced(swap.values, { [MONTHS]: 1, [PURPOSE]: 2 }),
        input: undefined,
      },
    },
  );
  const toys: readonly (readonly [id: string, what: string, change: Partial<Toy>])[] = [
    [
      'value-above-max',
      'An integer above its maximum, within its width',
      { interface: at('input.parts.1.encoding.max', '100'), values: replaced(VALUES_A, { [MONTHS]: 101 }) },
    ],
    [
      'value-above-category',
      'A category that the model does not have, within its width',
      {
        interface: at('input.parts.2.encoding.unknown', 'refused'),
        values: replaced(VALUES_A, { [PURPOSE]: 3 }),
      },
    ],
    [
      'value-above-rank32',
      'The rank of NaN, which the model refuses, within its width',
      { values: replaced(VALUES_A, { [AMOUNT]: 4278190081 }) },
    ],
    ['salt-2^128', 'A salt of 2^128', { salt: 1n << 128n }],
    [
      'digest-widths',
      'A digest made with the widths in another order',
      { widths: widthsOf(EVERY_KIND).toReversed() },
    ],
  ];
  for (const [id, what, change] of toys) {
    const toy = { ...MIXED_A, input: undefined, ...change };
    corpus.bundle(`input/${id}`, `${what}, and a digest of it`, mixedA, toyBundle(toy), fails(refused), {
      pin: 'own',
      opening: toyOpening(toy),
    });
  }
}

function at(path: string, value: Json): Json {
  const modelInterface = structuredClone(EVERY_KIND);
  put(modelInterface, path, value);
  return modelInterface;
}

function publicCases(corpus: CorpusV2, opening: Json): void {
  const own = JSON.parse(rowText({}));
  corpus.bundle('input/row-short', 'A value less', mixedA, mixedA.copy(), fails('input QP7605'), {
    opening,
    input: own.slice(0, -1),
  });
  corpus.bundle('input/row-long', 'A value more', mixedA, mixedA.copy(), fails('input QP7605'), {
    opening,
    input: [...own, 0],
  });
  corpus.bundle(
    'input/row-without-opening',
    'A row for a digest, without the opening',
    mixedA,
    mixedA.copy(),
    lacks('input QP7606'),
    { input: own },
  );
  corpus.bundle(
    'input/row-without-opening-bad-proof',
    'A row for a digest, without the opening, and a proof that does not hold: what is wrong comes first',
    mixedA,
    changed(mixedA, (bundle) => put(bundle, 'proof', mixedB.copy().proof)),
    fails('proof QP7505'),
    { input: own },
  );
  corpus.bundle(
    'input/tolerance-alone',
    'A tolerance, and no row or opening',
    mixedA,
    mixedA.copy(),
    lacks('input QP7608'),
    { tolerance: '0.5' },
  );
  const open = (id: string, what: string, ask: Json, outcome = 'valid') =>
    corpus.bundle(
      `input/${id}`,
      what,
      openA,
      openA.copy(),
      outcome === 'valid' ? VALID : fails(outcome),
      ask,
    );
  open('public-row', 'A public input, and the row is the one', { input: rowText({}) });
  open(
    'public-row-differs',
    'A public input, and another row',
    { input: rowText({ [PURPOSE]: 'other' }) },
    'input QP7604',
  );
  open('public-rank32-float32', 'A public input, and the float32 that 0.1 is rounded to', {
    input: rowText({ [AMOUNT]: 0.10000000149011612 }),
  });
  open(
    'public-rank32-next',
    'A public input, and the next float32 above the proved one',
    { input: rowText({ [AMOUNT]: 0.10000000894069672 }) },
    'input QP7604',
  );
  open(
    'public-opening',
    'An opening for a public input: there is nothing to open',
    { opening },
    'input QP7603',
  );
  open(
    'public-row-and-opening',
    'A public input, its row, and an opening',
    { input: rowText({}), opening },
    'input QP7603',
  );
  open(
    'public-tolerance',
    'A public input, tolerance 0.25, and 0.3 steps',
    { input: rowText({ [FIRST]: 0.65 }), tolerance: '0.25' },
    'input QP7607',
  );
}
