import { argmax } from './argmax.ts';
import { compare } from './compare.ts';
import { divide } from './divide.ts';
import type { IntegerNode, NodeOf } from './integer-graph.ts';
import { linear } from './linear.ts';
import { max } from './max.ts';
import { multiply } from './multiply.ts';
import type { Primitive } from './primitive.ts';
import { requantize } from './requantize.ts';
import { select } from './select.ts';
import { table } from './table.ts';
import { thermometer } from './thermometer.ts';
import { threshold } from './threshold.ts';
import { treeLeaves } from './tree-leaves.ts';

/**
 * What each primitive is. How it is built and how it is checked are in tables with the same keys:
 * src/circuit/builders.ts and src/check/gadgets/gadgets.ts. `auxiliary` is left out of the type comparison because each
 * primitive has its own auxiliary names.
 */
export const PRIMITIVES = {
  linear,
  requantize,
  table,
  max,
  argmax,
  threshold,
  multiply,
  compare,
  divide,
  thermometer,
  select,
  'tree-leaves': treeLeaves,
} as const satisfies {
  readonly [Op in IntegerNode['op']]: Omit<Primitive<NodeOf<Op>>, 'auxiliary'>;
};

/** The primitive of a node. */
export function primitiveOf<N extends IntegerNode>(node: N): Primitive<N> {
  return PRIMITIVES[node.op] as unknown as Primitive<N>;
}

export const OPS = Object.keys(PRIMITIVES) as readonly IntegerNode['op'][];

/** The primitive of a name read from a file. */
export function primitiveNamed(op: IntegerNode['op']): Primitive<IntegerNode> {
  return PRIMITIVES[op] as unknown as Primitive<IntegerNode>;
}
