import type { FloatNode } from './float-graph.ts';
import type { NewNode, NodeKind } from './node-kind.ts';
import { activation } from './nodes/activation.ts';
import { compare } from './nodes/compare.ts';
import { divide } from './nodes/divide.ts';
import { linear } from './nodes/linear.ts';
import { max } from './nodes/max.ts';
import { product } from './nodes/product.ts';
import { select } from './nodes/select.ts';
import { trees } from './nodes/trees.ts';

/** Every kind of float node. A kind added to the union is a type error here until it is declared. */
const NODE_KINDS: { readonly [Op in FloatNode['op']]: NodeKind<Extract<FloatNode, { op: Op }>> } = {
  linear,
  activation,
  max,
  product,
  compare,
  divide,
  select,
  trees,
};

/** The declaration of a node's kind. */
export function kindOf(node: NewNode): NodeKind<FloatNode> {
  // Each entry of the table takes the nodes of its own kind; the compiler loses that link in the lookup.
  return NODE_KINDS[node.op] as unknown as NodeKind<FloatNode>;
}
