import type { LoadedModel } from '../../../../src/compile/load-model.ts';
import { integerLogits } from '../../../../src/compile/quality/compare.ts';
import { partRows } from '../../../../src/compile/quality/row-parts.ts';
import { type QuantizedOnData, quantizeOnData } from '../../../../src/compile/quantize-on-data.ts';
import { breaksOn, CALIBRATION_ROWS, dataSet, HELD_OUT_ROWS, lossOf } from '../differential.ts';
import type { Outcome } from '../outcome.ts';
import { compareOutputs, tableReference } from './compare-table.ts';
import { type Feature, tableRows } from './table-rows.ts';

const HOSTILE_ROWS = 200;

/**
 * Quantizes a model on random rows and compares it on others: within the contract, which says how far labels and values may
 * be off, or, where trees alone decide, no farther than the rounding of their leaves on any row at all.
 */
export async function judgeIntegers(loaded: LoadedModel, features: readonly Feature[]): Promise<Outcome> {
  const rows = tableRows(features, CALIBRATION_ROWS + HELD_OUT_ROWS, { seed: 2, hostile: 0.1 });
  const found = await quantizeOnData(loaded, partRows(dataSet(rows), undefined), {});
  const { by, result, comparison } = found.judgement;
  const { leafBound } = found.model;
  if (leafBound !== undefined) return judgeTrees(loaded, found, features, leafBound);
  if (result === 'broken') return { kind: 'refused', reason: `${result} by ${by}${lossOf(comparison)}` };
  if (result === 'not-judged') return { kind: 'kept', reason: 'integers, too few rows to judge' };
  const further = tableRows(features, HELD_OUT_ROWS, { seed: 3, hostile: 0.1 });
  const beyond = await breaksOn(further, loaded, found);
  if (beyond !== undefined) return { kind: 'failed', reason: `integers on further rows: ${beyond}` };
  return { kind: 'kept', reason: `integers by ${by}` };
}

async function judgeTrees(
  { file, graph }: LoadedModel,
  { model }: QuantizedOnData,
  features: readonly Feature[],
  leafBound: number,
): Promise<Outcome> {
  const rows = tableRows(features, HOSTILE_ROWS, { seed: 4, hostile: 0.6 });
  const expected = await tableReference(file, graph, rows);
  for (const [k, row] of rows.entries()) {
    const wrong = compareOutputs(graph, integerLogits(model, row), expected[k]!, 2 * leafBound + 1e-9);
    if (wrong !== undefined)
      return { kind: 'failed', reason: `integers of row [${Array.from(row)}]: ${wrong}` };
  }
  return { kind: 'kept', reason: 'integers by leaves' };
}
