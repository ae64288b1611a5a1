import { base } from '../materialise.ts';
import type { Json } from './canonical.ts';
import { type Corpus, decisionA, labelA, labelB, logitsA } from './corpus.ts';
import { R } from './points.ts';
import { publicRow } from './valid-cases.ts';

/** Valid bundles with an expectation that they do not meet: another model, context or input. */
export function questionCases(corpus: Corpus): void {
  const pinned = (id: string, what: string, pin: string) =>
    corpus.bundle(`pin/${id}`, what, labelA, labelA.copy(), { check: 'model' }, { pin });
  pinned('other-model', 'The pin is another model', decisionA.modelId);
  pinned('circuit-id', "The pin is the model's circuit id", labelA.copy().model.ids.circuitId);
  pinned('key-id', "The pin is the model's key id", labelA.copy().model.ids.keyId);
  pinned(
    'one-digit',
    'The pin differs in its last digit',
    labelA.modelId.slice(0, -1) + (labelA.modelId.endsWith('0') ? '1' : '0'),
  );
  pinned('upper-case', 'The pin in upper case is not an id', labelA.modelId.toUpperCase());
  pinned('prefix', 'The pin is only the beginning of the id', labelA.modelId.slice(0, 16));

  const replayed = (id: string, what: string, context: string, from = labelA) =>
    corpus.bundle(`context/${id}`, what, from, from.copy(), { check: 'context' }, { context });
  replayed('replay', 'A proof for order 7, shown for order 8', 'order 8');
  replayed('empty', 'A proof for order 7, shown where no context is expected', '');
  replayed('trailing-newline', 'One byte more', 'order 7\n');
  replayed('made-for-none', 'A proof for no context, shown for an order', 'order 7', logitsA);
  replayed('other-model', "Another model's context", 'claim 12');
  openingCases(corpus);
  rowCases(corpus);
}

function openingCases(corpus: Corpus): void {
  const opening = JSON.parse(base(labelA.opening));
  const opened = (id: string, what: string, content: Json) =>
    corpus.bundle(`input/${id}`, what, labelA, labelA.copy(), { check: 'input' }, { opening: content });
  const { input: _, ...bare } = opening;
  opened('other-row', "Another row's opening", base(labelB.opening));
  opened('other-salt', 'Another salt', { ...opening, salt: '1' });
  opened('salt-plus-r', 'A salt of r more opens the same digest, and is above 2^128', {
    ...opening,
    salt: (BigInt(opening.salt) + R).toString(),
  });
  opened('other-value', 'One value changed', { ...bare, values: [23, ...opening.values.slice(1)] });
  opened('value-too-wide', 'One value above its range', {
    ...bare,
    values: [32, ...opening.values.slice(1)],
  });
  // 22 + 10·2^5 packs to the same element as the pair (22, 10). Only the ranges distinguish them.
  opened('values-packed-together', 'Values that pack to the same element', {
    ...bare,
    values: [22 + 10 * 32, 0, ...opening.values.slice(2)],
  });
  opened('fewer-values', 'A value less', { ...bare, values: opening.values.slice(0, -1) });
  opened('more-values', 'A zero more', { ...bare, values: [...opening.values, 0] });
  opened('other-digest', 'The digest in the opening is another one', { ...opening, digest: '1' });
  opened('digest-plus-r', 'The digest plus r', {
    ...opening,
    digest: (BigInt(opening.digest) + R).toString(),
  });
  opened('row-does-not-encode', 'The row in the opening encodes to other values', {
    ...opening,
    input: ['5.1', '2.5', '3', '9'],
  });
  opened('minified', 'The opening is not in file form', JSON.stringify(opening));
  opened('unknown-key', 'An unknown key in the opening', { ...opening, extra: 0 });
  opened('version', 'Another version of the opening', { ...opening, version: 'quietproof/opening/v2' });
  opened('negative-value', 'A negative value', { ...bare, values: [-1, ...opening.values.slice(1)] });
}

function rowCases(corpus: Corpus): void {
  const opening = base(labelA.opening);
  const rowed = (id: string, what: string, input: string) =>
    corpus.bundle(`input/${id}`, what, labelA, labelA.copy(), { check: 'input' }, { opening, input });
  rowed('row-differs', 'A row that encodes to other values', '[5.1,2.5,3,2.1]');
  rowed('row-too-short', 'A row with a value less', '[5.1,2.5,3]');
  rowed('row-too-long', 'A row with a value more', '[5.1,2.5,3,1.1,0]');
  rowed('row-out-of-range', 'A row that cannot be encoded', '[5.1,2.5,3,1e9]');
  rowed('row-negative', 'A row below the range', '[-5.1,2.5,3,1.1]');
  corpus.bundle(
    'input/row-without-opening',
    'A row for a digest, without the opening',
    labelA,
    labelA.copy(),
    { check: 'input' },
    { input: '[5.1,2.5,3,1.1]' },
  );
  corpus.bundle(
    'input/public-opening',
    'An opening for a public input: there is nothing to open',
    logitsA,
    logitsA.copy(),
    { check: 'input' },
    { opening },
  );
  const row = JSON.parse(publicRow(logitsA.copy()));
  row[0] *= 2;
  corpus.bundle(
    'input/public-row-differs',
    'A public input, and another row',
    logitsA,
    logitsA.copy(),
    { check: 'input' },
    { input: JSON.stringify(row) },
  );
}
