import type { Json } from '../canonical.ts';
import { R } from '../points.ts';
import { type BaseV2, mixedA, openA } from './bases.ts';
import { type CorpusV2, fails, VALID } from './corpus.ts';
import { put, sealed } from './edit.ts';
import { withSignals } from './toy.ts';

const RANGE = 'signals QP7403';

/** Signals outside and at the ends of their ranges. Each bundle has a proof, so that only the range can be wrong. */
export function signalCases(corpus: CorpusV2): void {
  const made = (
    id: string,
    what: string,
    from: BaseV2,
    change: (signals: string[]) => string[],
    outcome = RANGE,
    bundle: Json = from.copy(),
  ) =>
    corpus.bundle(
      `signals/${id}`,
      what,
      from,
      withSignals(bundle, change),
      outcome === 'valid' ? VALID : fails(outcome),
      { pin: 'own' },
    );
  const set = (index: number, value: bigint | number) => (signals: string[]) =>
    signals.with(index, value.toString());
  const changed = (from: BaseV2, path: string, value: Json) =>
    sealed(from, ({ model }) => put(model.interface, path, value));

  made('label-count', 'A label that the model does not have', mixedA, set(0, 2));
  made('category-count', 'A category that the model does not have', mixedA, set(1, 3));
  made('score-max', 'The largest score', mixedA, set(2, 131071), 'valid');
  made('score-max-1', 'A score above its maximum', mixedA, set(2, 131072));
  const maxima = changed(mixedA, 'outputs.3.max', ['1023', '1023', '7']);
  made(
    'vector-last',
    "The last of a vector above its own maximum, below the others'",
    mixedA,
    set(5, 8),
    RANGE,
    maxima,
  );
  made(
    'vector-last-max',
    'The last of a vector at its own maximum',
    mixedA,
    set(5, 7),
    'valid',
    changed(mixedA, 'outputs.3.max', ['1023', '1023', '7']),
  );
  made('output-order', 'The score where the label is', mixedA, ([label, band, score, ...rest]) => [
    score!,
    band!,
    label!,
    ...rest,
  ]);
  made('part-order', 'The values of two parts swapped', openA, (signals) => [
    ...signals.slice(0, 6),
    signals[7]!,
    signals[6]!,
    ...signals.slice(8),
  ]);
  made('rank32-max', 'A public infinity', openA, set(6, 4278190080), 'valid');
  made('rank32-nan', 'A public NaN, which the model refuses', openA, set(6, 4278190081));
  const nan = changed(openA, 'input.parts.0.encoding.nan', 'coded');
  made(
    'rank32-nan-coded',
    'A public NaN, which the model has a code for',
    openA,
    set(6, 4278190081),
    'valid',
    nan,
  );
  const refused = changed(openA, 'input.parts.2.encoding.unknown', 'refused');
  made(
    'category-unknown',
    'A public unknown category, which the model refuses',
    openA,
    set(8, 3),
    RANGE,
    refused,
  );
  made(
    'category-unknown-coded',
    'A public unknown category, which the model has a code for',
    openA,
    set(8, 3),
    'valid',
  );
  made('category-unknown-1', 'A public category above the code for the unknown', openA, set(8, 4));
  made('integer-max', 'The largest public integer', openA, set(7, 127), 'valid');
  made('integer-max-1', 'A public integer above its maximum', openA, set(7, 128));
  made(
    'affine-groups',
    "A public value above its own group's maximum, below the other's",
    openA,
    set(21, 32),
  );
  made('affine-groups-max', "A public value above the other group's maximum", openA, set(20, 255), 'valid');
  made('one-more', 'A signal more', mixedA, (signals) => signals.toSpliced(6, 0, '0'), 'signals QP7401');
  made(
    'one-more-behind',
    'A signal more, behind the context',
    mixedA,
    (signals) => [...signals, '0'],
    'signals QP7401',
  );
  made('one-less', 'A signal less', mixedA, (signals) => signals.toSpliced(5, 1), 'signals QP7401');
  made('r', 'A digest of r', mixedA, set(6, R), 'signals QP7402');
  made('context-beyond', 'A context of 2^248', mixedA, set(7, 1n << 248n));
  made('digest-r-1', 'A digest of r − 1', mixedA, set(6, R - 1n), 'valid');
}
