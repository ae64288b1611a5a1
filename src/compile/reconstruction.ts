import type { FloatGraph, GraphOutput } from '../graph/float-graph.ts';

/** Whether an output with this final function may be values: the others choose one of several. */
const MAY_BE_VALUES: { readonly [H in GraphOutput['head']]: boolean } = {
  none: true,
  sigmoid: true,
  softmax: false,
  argmax: false,
};

/**
 * Whether an output reconstructs the input, as an autoencoder's does: it has as many values as the input, which come from
 * fewer somewhere between, and the file names no classes. The largest of them says nothing.
 */
export function isReconstruction(
  { input, nodes }: FloatGraph,
  { values, head, classes }: GraphOutput,
): boolean {
  if (classes !== undefined || !MAY_BE_VALUES[head]) return false;
  return values.length === input.count && nodes.some(({ count }) => count < input.count);
}
