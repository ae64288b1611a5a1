import { argmax } from './argmax.ts';
import type { IntegerNode } from './integer-graph.ts';
import { linear } from './linear.ts';
import { max } from './max.ts';
import type { Primitive } from './primitive.ts';
import { requantize } from './requantize.ts';
import { threshold } from './threshold.ts';

type PrimitiveTable = { readonly [Op in IntegerNode['op']]: Primitive<Extract<IntegerNode, { op: Op }>> };

const PRIMITIVES: PrimitiveTable = { linear, requantize, max, argmax, threshold };

/** The primitive of a node. */
export function primitiveOf<N extends IntegerNode>(node: N): Primitive<N> {
  return PRIMITIVES[node.op] as unknown as Primitive<N>;
}
