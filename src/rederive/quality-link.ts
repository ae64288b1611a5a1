import type { Quality, QualityContract } from '@quietproof/verify';
import { accuracyClaim } from '../compile/assemble-manifest.ts';
import { compareRows } from '../compile/quality/compare.ts';
import { judgeOf } from '../compile/quality/contract.ts';
import { type Judgement, judge, qualityRecord } from '../compile/quality/judge.ts';
import { judgementWords } from '../compile/quality/judgement-words.ts';
import { runReference } from '../compile/quality/reference-rows.ts';
import type { RowParts } from '../compile/quality/row-parts.ts';
import { answerRules } from '../compile/quantize-on-data.ts';
import type { DerivedModel } from './derive-model.ts';
import { differencesIn } from './differences.ts';
import type { Claimed } from './read-claimed.ts';
import type { Link } from './rederivation.ts';

/** Largest errors may differ by this share: another processor's floats differ in their last digits. */
const ERROR_TOLERANCE = 0.01;

/**
 * Measures the claimed quality again: the derived integer model against the source model's file, on the held-out rows.
 * None where there is no contract to judge by.
 */
export async function qualityLinks(
  { quality: claimed, manifest }: Claimed,
  derived: Pick<DerivedModel, 'loaded' | 'model'>,
  parts: RowParts,
): Promise<Link[]> {
  if (claimed?.contract === undefined) return [];
  const found = await judgeAgain(claimed.contract, derived, parts);
  const { comparison } = found;
  const measured = qualityRecord(found);
  const accuracy = { accuracy: manifest.claims?.accuracy };
  const what = differencesIn(
    { ...nearly(claimed, measured), ...accuracy },
    { ...measured, accuracy: accuracyClaim(comparison) },
  );
  if (what !== '') return [{ link: 'quality', status: 'differs', what }];
  const accepted = found.result === 'broken' ? 'loss accepted: ' : '';
  return [{ link: 'quality', status: 'same', what: `measured again: ${accepted}${judgementWords(found)}` }];
}

/** Measures the integer model against the source model's file, on held-out rows. @throws QuietproofError QP3010 */
export async function judgeAgain(
  allowed: QualityContract,
  { loaded, model }: Pick<DerivedModel, 'loaded' | 'model'>,
  parts: RowParts,
): Promise<Judgement> {
  const { reference } = await runReference(loaded, parts);
  const contract = { flips: Number(allowed.flips), error: Number(allowed.error) };
  const comparison =
    reference.rows.length === 0 ? undefined : compareRows(model, reference, answerRules(loaded));
  return judge(judgeOf(loaded.decisions, loaded.graph.outputs), contract, comparison);
}

/** The claim, with the measured error in place of its own where both are within the tolerance. */
function nearly(claimed: Quality, measured: Quality): Quality {
  const { other, ...own } = claimed;
  if (own.kind === 'not-judged' || measured.kind === 'not-judged' || own.error === undefined) return own;
  const [mine, theirs] = [Number(measured.error), Number(own.error)];
  return Math.abs(mine - theirs) <= ERROR_TOLERANCE * mine ? { ...own, error: measured.error! } : own;
}
