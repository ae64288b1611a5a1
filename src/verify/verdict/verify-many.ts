import type { PreparedKey } from '../key/prepared-key.ts';
import { concludeProofs } from './conclude-proofs.ts';
import { concludeVerdict } from './conclude-verdict.ts';
import { examineBundle } from './examine-bundle.ts';
import type { Verdict } from './verdict-types.ts';
import type { FileContent, VerifyOptions } from './verify-options.ts';

/** One bundle of many. `companion` is the model record of a thin bundle, if it differs from the one in the options. */
export interface ManyItem {
  readonly source: FileContent;
  readonly companion?: VerifyOptions['companion'];
}

/** The options of `verifyBundle` without those about the input, which concern a single proof. */
export type ManyOptions = Omit<VerifyOptions, 'input' | 'tolerance'>;

/**
 * Checks many bundles as strictly as `verifyBundle`, with the same verdicts. Only the pairing equations are combined,
 * per key (failing-equations.ts explains why this is sound). It takes about a third of the time of checking one by one.
 *
 * A bad bundle never throws; the verdicts show exactly which bundles are bad.
 *
 * @returns one verdict per bundle, in order
 */
export function verifyMany(
  bundles: readonly (FileContent | ManyItem)[],
  options: ManyOptions = {},
): Verdict[] {
  const shared = { ...options, keys: options.keys ?? new Map<string, PreparedKey>() };
  const examinations = bundles.map((bundle) => {
    const { source, companion } = asItem(bundle);
    return examineBundle(source, companion === undefined ? shared : { ...shared, companion });
  });
  concludeProofs(examinations, options.checker);
  return examinations.map((examination) => concludeVerdict(examination, options));
}

function asItem(bundle: FileContent | ManyItem): ManyItem {
  return typeof bundle === 'object' && 'source' in bundle ? bundle : { source: bundle };
}
