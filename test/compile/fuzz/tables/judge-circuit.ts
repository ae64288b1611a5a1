import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compileModel } from '../../../../src/compile/compile-model.ts';
import type { LoadedModel } from '../../../../src/compile/load-model.ts';
import { rowValue } from '../../../../src/data/row-value.ts';
import type { Outcome } from '../outcome.ts';
import { type Feature, tableRows } from './table-rows.ts';

/** Too few to judge a contract on: circuits are tried here, not losses. */
const ROWS = 60;

/**
 * Compiles a model: its constraints are as many as predicted, hold for the witnesses of rows with hostile values, and are
 * proved sound, or `compileModel` throws.
 */
export async function judgeCircuit(
  { file }: LoadedModel,
  features: readonly Feature[],
  chosen: string | undefined,
): Promise<Outcome> {
  const rows = tableRows(features, ROWS, { seed: 5, hostile: 0.5 });
  const folder = path.dirname(file);
  const calibration = path.join(folder, 'rows.json');
  const texts = rows.map((row) => Array.from(row, (value, i) => rowValue(value, features[i]!.accepted)));
  await writeFile(calibration, JSON.stringify(texts));
  const { manifest } = await compileModel({
    ...{ model: file, calibration, out: path.join(folder, 'artifact'), acceptLoss: true },
    ...(chosen !== undefined && { output: chosen }),
  });
  const { verdict } = manifest.manifest.claims!.soundness!;
  if (verdict !== 'proved') return { kind: 'failed', reason: `the circuit is ${verdict}` };
  return { kind: 'kept', reason: 'a circuit that is proved sound' };
}
