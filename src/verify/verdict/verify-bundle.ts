import { concludeProofs } from './conclude-proofs.ts';
import { concludeVerdict } from './conclude-verdict.ts';
import { examineBundle } from './examine-bundle.ts';
import { requireTolerance } from './examine-input.ts';
import type { Verdict } from './verdict-types.ts';
import type { FileContent, VerifyOptions } from './verify-options.ts';

/**
 * Checks a proof bundle: strict reading, digests and their binding, curves and subgroups, ranges of the public signals,
 * the pairing, and the caller's questions about model, context and input. Synchronous, offline, deterministic.
 *
 * A bad bundle, companion or opening never throws: it becomes a failed check with a code.
 *
 * @param source a `*.proof.json` or a receipt that contains one
 * @throws RangeError for a tolerance outside 0 to 0.5
 * @returns the verdict; act on `accepted`, and show `headline` and `warnings`
 */
export function verifyBundle(source: FileContent, options: VerifyOptions = {}): Verdict {
  requireTolerance(options);
  const examination = examineBundle(source, options);
  concludeProofs([examination], options.checker);
  return concludeVerdict(examination, options);
}
