import type { Operator } from './operator.ts';

/** A branch on a constant condition: only the branch that is taken is imported. */
export const branch: Operator = (context) => {
  const [thenBranch, elseBranch] = [
    context.attributes.graph('then_branch'),
    context.attributes.graph('else_branch'),
  ];
  if (context.input(0).kind !== 'const') {
    throw context.unsupported(
      'on a condition that depends on data',
      'Export only the branch that is to be proved',
    );
  }
  const holds = context.constant(0, 'conditions').data;
  const graph = holds[0] === 0 ? elseBranch : thenBranch;
  if (holds.length !== 1 || graph === undefined)
    throw context.error('QP2111', 'If lacks a condition or a branch');
  return { kind: 'outputs', values: context.runGraph(graph) };
};
