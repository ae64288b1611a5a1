import { canonicalJson } from '../json/canonical-json.ts';
import { Refusal } from '../refusal.ts';
import type { OpenedStatement } from './open-statements.ts';
import { type ContributionStatement, type PointSet, REDERIVATION_TYPE } from './statement-types.ts';

/**
 * Whether only points of this circuit met a contributor's secret. A coordinator who hides Σ pubᵢ·ICᵢ among them gets it
 * back divided by δ, and forges, with a perfect transcript. So a contributor who did not compare the key with the circuit
 * himself counts only if a re-deriver has found all points that he returned to be those of the circuit at that step.
 *
 * @param fitting statements that count as far as is known
 * @returns QP7229, or undefined
 */
export function requireConfirmed(
  { predicate }: ContributionStatement,
  fitting: readonly OpenedStatement[],
): Refusal | undefined {
  const { checked, points, index } = predicate;
  if (checked !== undefined) return undefined;
  const where = `contribution ${index}`;
  if (points === undefined) return new Refusal('QP7229', { where: `${where} names no points` });
  const { received, returned } = points;
  const isListed = (after: number, set: PointSet) => fitting.some((one) => lists(one, after, set));
  if (!isListed(index, returned)) return new Refusal('QP7229', { where: `${where}, points returned` });
  if (received === undefined || isListed(index - 1, received)) return undefined;
  return new Refusal('QP7229', { where: `${where}, points received` });
}

function lists({ statement }: OpenedStatement, index: number, set: PointSet): boolean {
  if (statement.predicateType !== REDERIVATION_TYPE) return false;
  const expected = canonicalJson({ ...set, index });
  return statement.predicate.points?.some((one) => canonicalJson(one) === expected) === true;
}
