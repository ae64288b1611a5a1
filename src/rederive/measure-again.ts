import type { Hex } from '@quietproof/verify';
import { readModelRows } from '../compile/load-model.ts';
import type { Judgement } from '../compile/quality/judge.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { deriveModel, importClaimed } from './derive-model.ts';
import { judgeAgain } from './quality-link.ts';
import { readClaimed, recordLinks, selfLinks } from './read-claimed.ts';
import type { Link } from './rederivation.ts';

export interface MeasureFiles {
  /** An artifact folder with its key. */
  readonly artifact: string;
  /** The model file that it was compiled from. */
  readonly source: string;
  /** Rows, with labels or without. */
  readonly data: string;
}

export interface MeasuredAgain {
  readonly modelId: Hex;
  /** SHA-256 of the file of the rows. */
  readonly data: Hex;
  readonly rows: number;
  /** Missing if the producer states no contract. */
  readonly judgement?: Judgement;
}

/** Whether an artifact says that it was compiled from this model file. @throws QP4503, QP2xxx */
export async function isSourceOf(source: string, artifact: string): Promise<boolean> {
  const claimed = await readClaimed(artifact);
  const imported = await importClaimed(claimed, source);
  return imported.source.sha256 === claimed.manifest.chain.source;
}

/**
 * Measures on rows of somebody's own how far a model's answers are from those of its source, by the quality that its
 * producer states: the integer model is derived again from the source, with the scales of the artifact, and has to be the
 * one that the model's record names.
 *
 * @throws QuietproofError QP4506 if it is not the record's model; QP4503 (the artifact), QP2xxx (the source), QP30xx (the
 *   rows)
 */
export async function measureAgain({ artifact, source, data }: MeasureFiles): Promise<MeasuredAgain> {
  const claimed = await readClaimed(artifact);
  const links: Link[] = [...selfLinks(claimed), ...recordLinks(claimed)];
  const derived = await deriveModel(claimed, { model: source }, links);
  const broken = links.find(({ status }) => status === 'differs' || status === 'missing');
  const { record, quality } = claimed;
  if (derived === undefined || broken !== undefined || record === undefined) {
    const what = broken === undefined ? 'The artifact has no key' : `${broken.link}: ${broken.what}`;
    throw new QuietproofError('QP4506', { what });
  }
  const judging = await readModelRows(data, derived.loaded);
  const measured = { modelId: record.ids.modelId, data: judging.sha256, rows: judging.rows.length };
  if (quality?.contract === undefined) return measured;
  const parts = { calibration: judging, fitted: [], judging, heldOut: [...judging.rows.keys()] };
  return { ...measured, judgement: await judgeAgain(quality.contract, derived, parts) };
}
