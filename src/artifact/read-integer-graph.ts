import { QuietproofError } from '../errors/quietproof-error.ts';
import { checkIntegerGraph } from '../integer/check-integer-graph.ts';
import { ENFORCED_MAX } from '../integer/enforced-max.ts';
import { heldInputs } from '../integer/held-inputs.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { parseIntegerGraph } from '../integer/integer-graph-json.ts';
import { damaged, unlessRefused } from './artifact-file.ts';
import { ARTIFACT } from './file-names.ts';

/**
 * Reads integer-graph.json, and checks the invariants that every later step relies on.
 *
 * @throws QuietproofError QP4601
 */
export function readIntegerGraph(source: Uint8Array): IntegerGraph {
  const graph = unlessRefused(ARTIFACT.integerGraph, () => parseIntegerGraph(source));
  try {
    checkIntegerGraph(graph);
  } catch (error) {
    // For a graph that this program made, that would be a bug.
    if (!(error instanceof QuietproofError && error.code === 'QP3901')) throw error;
    throw damaged(ARTIFACT.integerGraph, error.where ?? error.what, error);
  }
  const { input, statement } = graph;
  const held = heldInputs(graph);
  const isEnforced = (max: number, i: number) => held.has(i) || ENFORCED_MAX[statement.input](max) === max;
  if (!input.max.every(isEnforced)) {
    throw damaged(ARTIFACT.integerGraph, `an input range that the mode ${statement.input} does not enforce`);
  }
  return graph;
}
