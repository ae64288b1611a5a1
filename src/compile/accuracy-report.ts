import type { DataSet } from '../data/data-set.ts';
import { executeInteger } from '../integer/execute.ts';
import { labelThreshold } from '../quantize/decision.ts';
import { encodeClamped } from '../quantize/label-flips.ts';
import type { QuantizedModel } from '../quantize/quantize.ts';
import type { LoadedModel } from './load-model.ts';
import { type Accuracy, type AccuracyInput, measureAccuracy } from './reference/accuracy.ts';
import { openReference } from './reference/open-reference.ts';

/** Content of accuracy.json, with reals as strings. It depends on another runtime's floats, so no id depends on it. */
export interface AccuracyReport extends Omit<Accuracy, 'labelFlips' | 'rows'> {
  readonly rows: number;
  readonly labelFlips?: number;
  readonly data: { readonly file: string; readonly sha256: string };
  readonly reference: { readonly name: string; readonly version: string };
}

/** Runs the float model in a runtime of its format and the integer model in the executor, on the same rows. */
export async function reportAccuracy(
  modelFile: string,
  loaded: LoadedModel,
  model: QuantizedModel,
  test: DataSet,
): Promise<AccuracyReport> {
  const reference = await openReference(modelFile);
  try {
    const float: Float64Array[] = [];
    for (const row of test.rows) float.push(await reference.run(row));
    const decision = decisionOf(loaded);
    const accuracy = measureAccuracy({
      float,
      integer: test.rows.map((row) => integerLogits(model, row)),
      head: loaded.graph.output.head,
      precision: loaded.graph.output.precision ?? 'float32',
      ...(decision !== undefined && { decision }),
      ...(test.labels !== undefined && { labels: test.labels }),
    });
    return {
      ...accuracy,
      data: { file: test.source, sha256: test.sha256 },
      reference: { name: reference.name, version: reference.version },
    };
  } finally {
    await reference.close();
  }
}

/** How rows are labelled for the report, even if only the logits are proved; undefined if the model has no labels. */
function decisionOf({ decision, graph }: LoadedModel): AccuracyInput['decision'] {
  if (graph.output.values.length > 1) return graph.output.head === 'sigmoid' ? undefined : 'argmax';
  const threshold = labelThreshold(graph.output, decision);
  return threshold === undefined ? undefined : { threshold };
}

function integerLogits(model: QuantizedModel, row: Float64Array): Float64Array {
  const values = executeInteger(model.graph, encodeClamped(model, row));
  return Float64Array.from(model.logits, (id) => values[id]! * model.logitScale);
}

/** The report as the content of its file. Canonical JSON has no reals, so they become strings. */
export function accuracyRecord(report: AccuracyReport): object {
  return Object.fromEntries(
    Object.entries({ version: 'quietproof/accuracy/v1', ...report }).map(([name, value]) => [
      name,
      typeof value === 'number' && !Number.isInteger(value) ? String(value) : value,
    ]),
  );
}
