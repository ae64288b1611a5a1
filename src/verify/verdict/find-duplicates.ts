import { INPUT_MODES } from '../interface/input-modes.ts';
import type { Hex } from '../json/encoded-types.ts';
import type { Verdict } from './verdict-types.ts';

/** Places (in the order given, from 0) that hold the same valid record. */
export interface Duplicate {
  readonly identity: Hex;
  readonly places: readonly number[];
  /**
   * Copies: bundles of one statement. Resealed: one proof under several statements, e.g. with another row index. Cannot
   * be told apart: two requests for one public input, or one resealed; no fault is found in it.
   */
  readonly why: 'copies' | 'resealed' | 'cannot be told apart';
}

/**
 * Records that stand in several places, by identity: model and public signals, of either version. Re-randomised proofs
 * and other row indices make no other record. Bundles that are not valid are no records, and are left out.
 */
export function findDuplicates(verdicts: readonly Verdict[]): Duplicate[] {
  const places = new Map<Hex, number[]>();
  for (const [place, { valid, identity }] of verdicts.entries()) {
    if (!valid || identity === undefined) continue;
    const known = places.get(identity);
    if (known === undefined) places.set(identity, [place]);
    else known.push(place);
  }
  return [...places]
    .filter(([, found]) => found.length > 1)
    .map(([identity, found]) => {
      const members = found.map((place) => verdicts[place] as Verdict);
      return { identity, places: found, why: reasonFor(members) };
    });
}

function reasonFor(members: readonly Verdict[]): Duplicate['why'] {
  if (new Set(members.map(statementOf)).size === 1) return 'copies';
  // A salted input is never the same twice, and nobody else has this record's part of a context: equal signals are one proof.
  const salted = members.every(({ model }) => model !== undefined && INPUT_MODES[model.input].salted);
  return salted || members.every(hasCheckedContextId) ? 'resealed' : 'cannot be told apart';
}

/** The hash of a statement's payload, by the rule of its version. */
function statementOf({ statementDigest, recordId }: Verdict): Hex | undefined {
  return statementDigest ?? recordId;
}

function hasCheckedContextId({ contextId, checks }: Verdict): boolean {
  return contextId !== undefined && checks.some(({ id, status }) => id === 'context' && status === 'pass');
}
