import type { GraphBuilder, NodeInfo } from '../graph-builder.ts';

/**
 * The second and later outputs that a node may declare: those that its operator gives, and those that leave its first
 * output as it is as long as nothing reads them. All others are refused by name: some change what the node computes, as
 * those of a BatchNormalization before operator set 14 do, which ask for its training form.
 */
const ALLOWED: Readonly<Record<string, number>> = {
  __proto__: null as never,
  Split: Infinity,
  If: Infinity,
  TreeEnsembleClassifier: 1,
  LinearClassifier: 1,
  SVMClassifier: 1,
  /** Its mask. */
  Dropout: 1,
  /** Its indices. */
  MaxPool: 1,
  /** The places of its values. */
  TopK: 1,
};

/**
 * @param outputs the node's outputs, as in the file
 * @throws QuietproofError QP2114 for a further output that is not declared to be without effect
 */
export function checkOutputs(builder: GraphBuilder, node: NodeInfo, outputs: readonly string[]): void {
  const allowed = ALLOWED[node.op] ?? 0;
  const refused = outputs.slice(1 + allowed);
  if (refused.length === 0) return;
  const names = refused.map((name) => `"${name}"`).join(', ');
  const what = `${node.op} with the further outputs ${names} cannot be proved`;
  const isTraining = node.op === 'BatchNormalization';
  const fix = isTraining
    ? 'They ask for its training form: export in eval mode'
    : 'Export the model without these outputs';
  throw builder.error('QP2114', node, what, fix);
}
