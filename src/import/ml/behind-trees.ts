import type { OperatorContext } from '../onnx/operator.ts';
import type { Value } from '../onnx/value.ts';
import { DECIDING, decideLabel } from './decided-labels.ts';
import { foldAtLeaves, isFoldedAtLeaves } from './leaf-functions.ts';

/** Whether an operator that cannot be proved otherwise may be computed behind trees. */
export const isBehindTrees = (op: string): boolean => isFoldedAtLeaves(op) || DECIDING.has(op);

/** The result of a node that follows from one tree, or that decides on a sum of trees; undefined for any other node. */
export function computeBehindTrees(
  context: OperatorContext,
  domain: string | null | undefined,
): Value | undefined {
  return foldAtLeaves(context, domain) ?? decideLabel(context);
}
