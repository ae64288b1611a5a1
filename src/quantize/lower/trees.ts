import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { TreesNode } from '../../graph/float-graph.ts';
import type { NodeLowering } from './node-lowering.ts';

/** Trees are read and run, and not yet lowered. */
export const trees: NodeLowering<TreesNode> = {
  tie() {},
  tieAgain: () => false,

  noteUse({ source }, note) {
    for (const id of source) note(id, 0, Infinity);
  },

  lower({ name }) {
    throw new QuietproofError('QP2101', {
      what: 'Tree ensembles cannot be proved yet',
      where: `node "${name}"`,
    });
  },
};
