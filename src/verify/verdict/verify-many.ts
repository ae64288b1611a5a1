import { type Equation, failingEquations } from '../key/failing-equations.ts';
import type { PreparedKey } from '../key/prepared-key.ts';
import { Refusal } from '../refusal.ts';
import { concludeVerdict } from './conclude-verdict.ts';
import { type Examination, examineBundle } from './examine-bundle.ts';
import type { Verdict } from './verdict-types.ts';
import type { VerifyOptions } from './verify-options.ts';

/** One bundle of many; a thin one with its model record, where that is not the one in the options. */
export interface ManyItem {
  readonly source: string | Uint8Array;
  readonly companion?: VerifyOptions['companion'];
}

/** As for one bundle; a question about an input is about one proof, and has no place here. */
export type ManyOptions = Omit<VerifyOptions, 'input' | 'tolerance'>;

/**
 * Checks many bundles, each as strictly as `verifyBundle` does and with the same verdict; only the pairing equations
 * are combined, by key (see failing-equations.ts for what that rests on). About a third of the time of one by one.
 *
 * A bad bundle never makes it throw, and the verdicts say exactly which ones are bad.
 *
 * @returns one verdict a bundle, in order
 */
export function verifyMany(
  bundles: readonly (string | Uint8Array | ManyItem)[],
  options: ManyOptions = {},
): Verdict[] {
  const shared = { ...options, keys: options.keys ?? new Map<string, PreparedKey>() };
  const examinations = bundles.map((bundle) => {
    const { source, companion } = asItem(bundle);
    return examineBundle(source, companion === undefined ? shared : { ...shared, companion });
  });
  for (const [key, members] of byKey(examinations)) concludeEquations(key, members);
  return examinations.map((examination) => concludeVerdict(examination, options));
}

interface Member {
  readonly list: Examination['list'];
  readonly equation: Equation;
}

function byKey(examinations: readonly Examination[]): Map<PreparedKey, Member[]> {
  const groups = new Map<PreparedKey, Member[]>();
  for (const { list, equation } of examinations) {
    if (equation === undefined) continue;
    const group = groups.get(equation.key);
    if (group === undefined) groups.set(equation.key, [{ list, equation }]);
    else group.push({ list, equation });
  }
  return groups;
}

function concludeEquations(key: PreparedKey, members: readonly Member[]): void {
  const failing = new Set(
    failingEquations(
      key,
      members.map(({ equation }) => equation),
    ),
  );
  for (const [index, { list }] of members.entries()) {
    list.run('proof', 'The pairing equation holds', () => {
      if (failing.has(index)) throw new Refusal('QP7505');
    });
  }
}

function asItem(bundle: string | Uint8Array | ManyItem): ManyItem {
  return typeof bundle === 'string' || bundle instanceof Uint8Array ? { source: bundle } : bundle;
}
