import { executeFloat, outputsOf } from '../../graph/execute.ts';
import type { LoadedModel } from '../load-model.ts';
import { openReference } from '../reference/open-reference.ts';
import type { ReferenceRows } from './compare.ts';
import { outputJudge } from './contract.ts';
import type { RowParts } from './row-parts.ts';

/** The runtime whose outputs the integer model is compared with. */
export interface Runtime {
  readonly name: string;
  readonly version: string;
}

/**
 * Runs the float model's file on the held-out rows, in a runtime of its format.
 *
 * @throws QuietproofError QP3010 if the runtime refuses the model
 */
export async function runReference(
  { file, graph, decisions }: LoadedModel,
  { judging, heldOut }: RowParts,
): Promise<{ readonly reference: ReferenceRows; readonly runtime: Runtime }> {
  const wanted = new Map(
    graph.outputs.map(({ tensor, head, classes }) => [
      tensor,
      { name: tensor, ...(head === 'argmax' && classes !== undefined && { classes }) },
    ]),
  );
  const runtime = await openReference(file, Array.from(wanted.values()), graph.categories);
  try {
    const rows = heldOut.map((index) => judging.rows[index]!);
    const outputs: Float64Array[] = [];
    for (const row of rows) outputs.push(await runtime.run(row));
    const { labels } = judging;
    const provesLogits = graph.outputs.some(({ head }, k) => {
      return outputJudge(decisions[k]!, head) === 'error' && (head === 'sigmoid' || head === 'softmax');
    });
    return {
      reference: {
        indices: heldOut,
        rows,
        outputs,
        ...(provesLogits && { logits: rows.map((row) => outputsOf(graph, executeFloat(graph, row))) }),
        ...(labels !== undefined && { labels: heldOut.map((index) => labels[index]!) }),
      },
      runtime: { name: runtime.name, version: runtime.version },
    };
  } finally {
    await runtime.close();
  }
}
