import type { ModelIds } from '../bundle/bundle-types.ts';
import type { SetupContribution } from '../interface/model-interface.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Hex } from '../json/encoded-types.ts';
import { Refusal } from '../refusal.ts';
import { type Phase1, phase1Name, UNRECOGNISED } from '../transcript/phase-1.ts';
import type { Transcript } from '../transcript/transcript-types.ts';
import type { ContributionStatement, RederivationStatement } from './statement-types.ts';

/** What statements are compared with. The record has been checked, except for its transcript's chain. */
export interface Vouched {
  readonly ids: ModelIds;
  /** sha256 of the model file, by the manifest. */
  readonly source: Hex;
  readonly contributions: readonly SetupContribution[];
  readonly ptau?: Phase1;
  /** If the record carries one that can be read. */
  readonly transcript?: Transcript;
}

const GENERATOR = ['1', '2', '1'];

/**
 * The step that a contributor describes is this step of this ceremony, point for point.
 *
 * @throws Refusal QP7218 (another ceremony), QP7219 (another step than the one it names, or another circuit)
 */
export function matchContribution({ subject, predicate }: ContributionStatement, vouched: Vouched): void {
  const { transcript, contributions, ptau, ids } = vouched;
  if (transcript === undefined) {
    throw new Refusal('QP7218', { where: 'the record carries no transcript to compare it with' });
  }
  const [ceremony, { digest }] = subject;
  if (ceremony.digest.blake2b !== transcript.initialHash) throw new Refusal('QP7218');
  const at = predicate.index - 1;
  const step = transcript.contributions[at];
  const where = `contribution ${predicate.index}`;
  if (step === undefined) throw new Refusal('QP7219', { where: `there is no ${where}` });
  // Everybody knows a beacon's secret: no signature makes it anybody's.
  if (step.kind !== 'contribution') throw new Refusal('QP7219', { where: `${where} is a beacon` });
  const before = at === 0 ? GENERATOR : transcript.contributions[at - 1]?.deltaAfter;
  requireSame(predicate.transcript, step.transcript, `${where}: transcript`);
  requireSame(predicate.deltaBefore, before, `${where}: deltaBefore`);
  requireSame(predicate.deltaAfter, step.deltaAfter, `${where}: deltaAfter`);
  requireSame(digest.blake2b, contributions[at]?.hash, `${where}: hash`);
  if (predicate.checked === undefined) return;
  requireSame(predicate.checked.circuitId, ids.circuitId, `${where}: circuitId`);
  requireSame(predicate.checked.phase1, ptau, `${where}: phase1`);
}

/**
 * An auditor's statement is about this model, key, circuit and ceremony, and a phase 1 that the reader trusts.
 *
 * @param trusted phase-1 files beside the published ones
 * @throws Refusal QP7218 (another model), QP7219 (this one, with other parts), QP7227 (an unknown phase 1)
 */
export function matchRederivation(
  { subject, predicate }: RederivationStatement,
  { ids, source, ptau, transcript }: Vouched,
  trusted: readonly Phase1[],
): void {
  if (subject[0].digest.sha256 !== ids.modelId) throw new Refusal('QP7218');
  requireSame(predicate.keyId, ids.keyId, 'keyId');
  requireSame(predicate.circuitId, ids.circuitId, 'circuitId');
  requireSame(predicate.source, source, 'source');
  if (transcript === undefined) {
    throw new Refusal('QP7218', { where: 'the record carries no transcript to compare it with' });
  }
  requireSame(predicate.initialHash, transcript.initialHash, 'initialHash');
  requireSame(predicate.phase1, ptau, 'phase1');
  if (!isTrustedPhase1(predicate.phase1, trusted)) {
    throw new Refusal('QP7227', { where: predicate.phase1.name });
  }
}

function isTrustedPhase1({ blake2b, name }: Phase1, trusted: readonly Phase1[]): boolean {
  const published = phase1Name(blake2b);
  if (published !== UNRECOGNISED && published === name) return true;
  // The reader's name for it is for people.
  return trusted.some((one) => one.blake2b === blake2b);
}

function requireSame(found: unknown, expected: unknown, where: string): void {
  if (canonicalJson(found) !== canonicalJson(expected ?? null)) throw new Refusal('QP7219', { where });
}
