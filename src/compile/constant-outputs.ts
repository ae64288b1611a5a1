import { QuietproofError } from '../errors/quietproof-error.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import { countValues, sourcesOf } from '../graph/use.ts';
import type { Decision } from '../quantize/decision.ts';
import { STATED_AS } from '../quantize/stated-as.ts';

/**
 * Refuses a label that is the same for every input; a proof of values may say that they are.
 *
 * @param decisions one per output
 * @throws QuietproofError QP2113 naming the output
 */
export function refuseConstantLabels(graph: FloatGraph, decisions: readonly Decision[]): void {
  const depends = dependsOnInput(graph);
  for (const [k, { name, values }] of graph.outputs.entries()) {
    if (STATED_AS[decisions[k]!.kind] !== 'label' || values.some((id) => depends[id] === 1)) continue;
    const what = `The output "${name}" does not depend on the input`;
    const fix = 'Prove its values: --output logits';
    throw new QuietproofError('QP2113', { what, where: graph.source.file, fix });
  }
}

/** By value: 1 if it depends on the input. */
function dependsOnInput(graph: FloatGraph): Uint8Array {
  const depends = new Uint8Array(countValues(graph));
  depends.fill(1, 0, graph.input.count);
  for (const node of graph.nodes) {
    const reads = sourcesOf(node).some((ids) => ids.some((id) => id >= 0 && depends[id] === 1));
    if (reads) depends.fill(1, node.first, node.first + node.count);
  }
  return depends;
}
