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
export function findDuplicates(verdicts: Iterable<Verdict>): Duplicate[] {
  const finder = new DuplicateFinder();
  for (const verdict of verdicts) finder.add(verdict);
  return finder.found();
}

/** What is kept of a verdict. */
interface Member {
  readonly place: number;
  /** The hash of the statement's payload, as its version defines it. */
  readonly statement: Hex | undefined;
  readonly salted: boolean;
  readonly hasCheckedContextId: boolean;
}

/** The same for verdicts that come one after the other: it keeps a few hashes of each, not the verdict. */
export class DuplicateFinder {
  readonly #members = new Map<Hex, Member[]>();
  #count = 0;

  add(verdict: Verdict): void {
    const place = this.#count;
    this.#count += 1;
    const { valid, identity } = verdict;
    if (!valid || identity === undefined) return;
    const known = this.#members.get(identity);
    if (known === undefined) this.#members.set(identity, [memberOf(verdict, place)]);
    else known.push(memberOf(verdict, place));
  }

  /** By the first place of each. */
  found(): Duplicate[] {
    return [...this.#members]
      .filter(([, members]) => members.length > 1)
      .map(([identity, members]) => ({
        identity,
        places: members.map(({ place }) => place),
        why: reasonFor(members),
      }));
  }
}

function memberOf(verdict: Verdict, place: number): Member {
  const { statementDigest, recordId, model, contextId, checks } = verdict;
  return {
    place,
    statement: statementDigest ?? recordId,
    salted: model !== undefined && INPUT_MODES[model.input].salted,
    hasCheckedContextId:
      contextId !== undefined && checks.some(({ id, status }) => id === 'context' && status === 'pass'),
  };
}

function reasonFor(members: readonly Member[]): Duplicate['why'] {
  if (new Set(members.map(({ statement }) => statement)).size === 1) return 'copies';
  // Two proofs never share a salted digest, and no two records share a context id: equal signals are one proof.
  const salted = members.every((member) => member.salted);
  return salted || members.every((member) => member.hasCheckedContextId)
    ? 'resealed'
    : 'cannot be told apart';
}
