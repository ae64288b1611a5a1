import type { FloatNode } from '../../graph/float-graph.ts';
import { activation } from './activation.ts';
import { compare } from './compare.ts';
import { divide } from './divide.ts';
import { linear } from './linear.ts';
import { max } from './max.ts';
import type { NodeLowering } from './node-lowering.ts';
import { product } from './product.ts';
import { select } from './select.ts';
import { trees } from './trees.ts';

/** How each kind of float node becomes integers. A kind added to the union is a type error here until it has an entry. */
const NODE_LOWERINGS: { readonly [Op in FloatNode['op']]: NodeLowering<Extract<FloatNode, { op: Op }>> } = {
  linear,
  activation,
  max,
  product,
  compare,
  divide,
  select,
  trees,
};

export function loweringOf(node: FloatNode): NodeLowering<FloatNode> {
  // Each entry of the table takes the nodes of its own kind; the compiler loses that link in the lookup.
  return NODE_LOWERINGS[node.op] as unknown as NodeLowering<FloatNode>;
}
