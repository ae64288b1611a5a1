import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ModelRecordV2, OpeningV2, ThinBundleV2 } from '@quietproof/verify';

/** Also from the bundles in test/audit/dist. */
export const CORPUS = new URL(import.meta.url.includes('/dist/') ? '../corpus/' : '../', import.meta.url);
export const MATERIAL = new URL('material/', CORPUS);

/** The time for which the corpus is judged. */
export const AT = '2026-11-27T12:00:00Z';
export const ORIGIN = 'log.example/credit';

/** A proved answer. */
export interface Answer {
  /** In the log for which it was made; missing for one that is sealed nowhere. */
  readonly place?: number;
  readonly bundle: ThinBundleV2;
  readonly opening?: OpeningV2;
}

export type ModelName = 'first' | 'second' | 'open';

export type Models = Readonly<Record<ModelName, ProvedModel>>;

export interface ProvedModel {
  readonly modelId: string;
  /** As it stands in a folder of proofs. */
  readonly text: string;
  readonly record: ModelRecordV2;
  readonly answers: readonly Answer[];
}

/** The caller's part of the context of the answer at a place of the log. */
export function contextOf(place: number): string {
  return `order ${1000 + place}`;
}

export function nonceAt(place: number): string {
  return createHash('sha256').update(`nonce ${place}`).digest('hex').slice(0, 32);
}

export function materialOf(name: ModelName): ProvedModel {
  const text = readFileSync(new URL(`${name}.model.json`, MATERIAL), 'utf8');
  const record = JSON.parse(text) as ModelRecordV2;
  const answers = readFileSync(new URL(`${name}.answers.jsonl`, MATERIAL), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  return { modelId: record.ids.modelId, text, record, answers };
}
