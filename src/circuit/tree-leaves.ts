import type { TreeLeaves } from '../integer/integer-graph.ts';
import { parentsOf } from '../integer/tree-leaves.ts';
import type { Builder } from './builder.ts';
import { formArguments } from './form-arguments.ts';
import { singleInstance, singleOutput } from './single-output.ts';

/** One layer whose outputs are the branches; none for a tree with a single inner node. Leaves have no wires. */
export const buildTreeLeaves: Builder<TreeLeaves> = (name, node, { forms, layout }) => {
  const inner = node.condition.length;
  const [branch] = layout.auxiliariesOf(node.first);
  if (branch === undefined) return [];
  const { parent, isTrueChild } = parentsOf(node);
  const { sources, start, index, weight, constant } = formArguments(
    Array.from(node.condition, (id) => forms.of(id)),
  );
  const args = { inner, parent, isTrueChild, inputs: sources.length, start, index, weight, constant };
  return [
    {
      ...singleOutput(name, node, sources),
      outputs: inner - 1,
      outputFirst: branch.slot,
      owner: node.first,
      instances: () => singleInstance(args),
      // The branches are the template's signals, and the outputs are other names of them.
      outputWires: new Array(inner - 1).fill('auxiliary'),
    },
  ];
};
