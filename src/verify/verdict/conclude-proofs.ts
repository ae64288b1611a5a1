import { failingEquations } from '../key/failing-equations.ts';
import { decodeProof, type PreparedKey } from '../key/prepared-key.ts';
import { confirmedBy, type ProofChecker } from '../key/proof-checker.ts';
import { Refusal } from '../refusal.ts';
import type { Checklist } from './checklist.ts';
import type { Examination, PendingProof } from './examine-bundle.ts';

interface Member {
  readonly list: Checklist;
  readonly pending: PendingProof;
}

/**
 * The last two checks of all bundles, on the points of the proof and on the equation, together for the proofs of a key
 * (failing-equations.ts explains why this is sound). A proof that the checker confirms has passed both.
 */
export function concludeProofs(examinations: readonly Examination[], checker?: ProofChecker): void {
  for (const [key, members] of byKey(examinations)) {
    const proofs = members.map(({ pending }) => pending);
    const confirmed = confirmedBy(checker, key.source, proofs);
    for (const [index, { list }] of members.entries()) {
      if (confirmed[index] !== true) continue;
      checkPoints(list, () => true);
      checkEquation(list, true);
    }
    concludeHere(
      key,
      members.filter((_, index) => confirmed[index] !== true),
    );
  }
}

function byKey(examinations: readonly Examination[]): Map<PreparedKey, Member[]> {
  const groups = new Map<PreparedKey, Member[]>();
  for (const { list, pending } of examinations) {
    if (pending === undefined) continue;
    const group = groups.get(pending.key);
    if (group === undefined) groups.set(pending.key, [{ list, pending }]);
    else group.push({ list, pending });
  }
  return groups;
}

function concludeHere(key: PreparedKey, members: readonly Member[]): void {
  const decoded = members.flatMap(({ list, pending: { proof, signals } }) => {
    const points = checkPoints(list, () => decodeProof(proof));
    return points === undefined ? [] : [{ list, proof: points, signals }];
  });
  const failing = new Set(failingEquations(key, decoded));
  for (const [index, { list }] of decoded.entries()) checkEquation(list, !failing.has(index));
}

function checkPoints<T>(list: Checklist, check: () => T): T | undefined {
  return list.run(
    'points',
    'The points of the proof are on their curves and in the prime-order groups',
    check,
  );
}

function checkEquation(list: Checklist, holds: boolean): void {
  list.run('proof', 'The pairing equation holds', () => {
    if (!holds) throw new Refusal('QP7505');
  });
}
