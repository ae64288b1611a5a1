import { INPUT_MODES } from '../interface/input-modes.ts';
import type { Hex } from '../json/encoded-types.ts';
import type { Verdict } from './verdict-types.ts';

/** Several verdicts about the same valid record. */
export interface Duplicate {
  readonly identity: Hex;
  /** Indices into the list of verdicts, ascending. */
  readonly places: readonly number[];
  /**
   * Copies: bundles with the same statement. Resealed: one proof under several statements, e.g. with another row index.
   * Cannot be told apart: either two requests for the same public input or one resealed, which is not an error.
   */
  readonly why: 'copies' | 'resealed' | 'cannot be told apart';
}

/**
 * Finds records that occur several times, by identity: model and public signals, in either version. A re-randomised
 * proof or another row index does not make a different record. Bundles that are not valid are ignored.
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
  // Two proofs never share a salted digest, and no two records share a context id: equal signals are one proof.
  const salted = members.every(({ model }) => model !== undefined && INPUT_MODES[model.input].salted);
  return salted || members.every(hasCheckedContextId) ? 'resealed' : 'cannot be told apart';
}

/** The hash of the statement's payload, as its version defines it. */
function statementOf({ statementDigest, recordId }: Verdict): Hex | undefined {
  return statementDigest ?? recordId;
}

function hasCheckedContextId({ contextId, checks }: Verdict): boolean {
  return contextId !== undefined && checks.some(({ id, status }) => id === 'context' && status === 'pass');
}
