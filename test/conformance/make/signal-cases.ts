import type { CheckId } from '@quietproof/verify';
import type { Json } from './canonical.ts';
import { type BaseBundle, type Corpus, decisionA, labelA, logitsA, type Outcome } from './corpus.ts';
import { Q, R } from './points.ts';
import { bind } from './seal.ts';

/** Public signals in all invalid forms. The statement is always recomputed for them. */
export function signalCases(corpus: Corpus): void {
  const put = (
    id: string,
    what: string,
    from: BaseBundle,
    change: (signals: Json) => Json,
    outcome: Outcome,
  ) => {
    const bundle = from.copy();
    bundle.publicSignals = change(bundle.publicSignals) ?? bundle.publicSignals;
    bind(bundle);
    // A changed context is not expected here.
    const context =
      bundle.publicSignals.at(-1) === from.copy().publicSignals.at(-1) ? undefined : (false as const);
    corpus.bundle(`signals/${id}`, what, from, bundle, outcome, context === undefined ? {} : { context });
  };
  const at = (index: number, value: (old: bigint) => Json) => (signals: Json) => {
    signals[index] = value(BigInt(signals[index]));
  };
  const large: readonly (readonly [string, string, (old: bigint) => bigint])[] = [
    ['r', 'is r', () => R],
    ['plus-r', 'is r more, which is the same to the pairing', (old) => old + R],
    ['q-minus-1', 'is q − 1', () => Q - 1n],
    ['word-max', 'is 2^256 − 1', () => (1n << 256n) - 1n],
  ];
  for (const [name, index] of [
    ['label', 0],
    ['digest', 1],
    ['context', 2],
  ] as const) {
    for (const [id, what, value] of large) {
      put(
        `${name}-${id}`,
        `The ${name} ${what}`,
        labelA,
        at(index, (old) => value(old).toString()),
        { check: 'signals' },
      );
    }
  }
  put(
    'plus-5r',
    'The digest plus 5·r: still below 2^256',
    labelA,
    at(1, (old) => (old + 4n * R).toString()),
    { check: 'signals' },
  );
  put(
    '78-digits',
    'A signal of 78 digits',
    labelA,
    at(0, () => '9'.repeat(78)),
    { check: 'signals' },
  );
  put(
    'label-too-large',
    'A label that the model does not have',
    labelA,
    at(0, () => '3'),
    { check: 'signals' },
  );
  put(
    'decision-too-large',
    'A decision of 2',
    decisionA,
    at(0, () => '2'),
    { check: 'signals' },
  );
  put(
    'logit-too-large',
    'A logit above its range',
    logitsA,
    at(0, () => '257041'),
    { check: 'signals' },
  );
  put(
    'logit-minus-one',
    'A logit of −1, written as r − 1',
    logitsA,
    at(0, () => (R - 1n).toString()),
    { check: 'signals' },
  );
  put(
    'input-too-large',
    'A public input above its range',
    logitsA,
    at(5, () => '256'),
    { check: 'signals' },
  );
  put(
    'input-plus-r',
    'A public input of r more',
    logitsA,
    at(5, (old) => (old + R).toString()),
    { check: 'signals' },
  );
  put(
    'context-too-large',
    'A context of 2^248',
    labelA,
    at(2, () => (1n << 248n).toString()),
    { check: 'signals' },
  );
  otherValues(put, at);
  forms(put, at);
  counts(put);
}

type Put = (
  id: string,
  what: string,
  from: BaseBundle,
  change: (signals: Json) => Json,
  outcome: Outcome,
) => void;
type At = (index: number, value: (old: bigint) => Json) => (signals: Json) => void;

/** Signals in range that differ from the proved ones. */
function otherValues(put: Put, at: At): void {
  put(
    'other-label',
    'Another label',
    labelA,
    at(0, (old) => ((old + 1n) % 3n).toString()),
    { check: 'proof' },
  );
  put(
    'other-digest',
    'Another digest',
    labelA,
    at(1, (old) => (old - 1n).toString()),
    { check: 'proof' },
  );
  put(
    'zero-digest',
    'A digest of 0',
    labelA,
    at(1, () => '0'),
    { check: 'proof' },
  );
  put(
    'other-context',
    'Another context',
    labelA,
    at(2, (old) => (old - 1n).toString()),
    { check: 'proof' },
  );
  put(
    'other-decision',
    'The other decision',
    decisionA,
    at(0, (old) => (1n - old).toString()),
    { check: 'proof' },
  );
  put(
    'other-logit',
    'A logit one less',
    logitsA,
    at(0, (old) => (old - 1n).toString()),
    { check: 'proof' },
  );
  put(
    'largest-logit',
    'The largest logit',
    logitsA,
    at(0, () => '257040'),
    { check: 'proof' },
  );
  put(
    'other-input',
    'A public input one less',
    logitsA,
    at(5, (old) => (old - 1n).toString()),
    { check: 'proof' },
  );
  put(
    'inputs-swapped',
    'Two public inputs swapped',
    logitsA,
    (signals) => [
      signals[0],
      signals[2],
      signals[1],
      ...signals.slice(3, 4),
      signals[5],
      signals[4],
      ...signals.slice(6),
    ],
    { check: 'proof' },
  );
}

function forms(put: Put, at: At): void {
  const written: readonly (readonly [string, string, (old: bigint) => Json])[] = [
    ['negative', 'negative', (old) => `-${old}`],
    [
      'negative-congruent',
      'as the negative number that is congruent modulo r',
      (old) => (old - R).toString(),
    ],
    ['minus-zero', 'as -0', () => '-0'],
    ['plus', 'with a plus sign', (old) => `+${old}`],
    ['hex', 'in hex', (old) => `0x${old.toString(16)}`],
    ['bare-hex', 'in hex without a prefix', (old) => old.toString(16).padStart(64, '0')],
    ['octal', 'in octal', (old) => `0o${old.toString(8)}`],
    ['binary', 'in binary', (old) => `0b${old.toString(2)}`],
    ['space-before', 'with a space before it', (old) => ` ${old}`],
    ['space-behind', 'with a space behind it', (old) => `${old} `],
    ['newline-behind', 'with a line feed behind it', (old) => `${old}\n`],
    ['leading-zero', 'with a leading zero', (old) => `0${old}`],
    ['fraction', 'with a fraction', (old) => `${old}.0`],
    ['exponent', 'with an exponent', (old) => `${old}e0`],
    ['separators', 'with an underscore', (old) => `${old.toString()}_0`],
    ['big-suffix', 'with an n behind it', (old) => `${old}n`],
    ['empty', 'as an empty string', () => ''],
    ['word', 'as a word', () => 'one'],
    ['full-width', 'in full-width digits', () => '１'],
    ['arabic-indic', 'in Arabic-Indic digits', () => '١'],
    ['79-digits', 'in 79 digits', () => '9'.repeat(79)],
    ['number', 'as a JSON number', (old) => Number(old)],
    ['null', 'as null', () => null],
    ['true', 'as true', () => true],
    ['list', 'in a list', (old) => [old.toString()]],
  ];
  for (const [id, what, value] of written)
    put(`as-${id}`, `The label ${what}`, labelA, at(0, value), { check: 'format' });
}

function counts(put: Put): void {
  const count = (
    id: string,
    what: string,
    from: BaseBundle,
    change: (signals: Json) => Json,
    check: CheckId,
  ) => put(id, what, from, change, { check });
  count('none', 'No signals', labelA, () => [], 'format');
  count('one', 'The label only', labelA, (s) => s.slice(0, 1), 'signals');
  count('too-few', 'A signal less', labelA, (s) => [s[0], s[2]], 'signals');
  count('too-many', 'A zero before the context', labelA, (s) => [s[0], s[1], '0', s[2]], 'signals');
  count('too-many-behind', 'The context twice', labelA, (s) => [...s, s[2]], 'signals');
  count('inputs-too-few', 'A public input less', logitsA, (s) => s.toSpliced(3, 1), 'signals');
  count('inputs-too-many', 'A public input more', logitsA, (s) => s.toSpliced(3, 0, '0'), 'signals');
  count('many', '10,000 signals', labelA, (s) => [...Array(10_000).fill('0'), s[2]].slice(-2000), 'signals');
}
