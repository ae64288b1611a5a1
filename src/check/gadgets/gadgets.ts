import type { Auxiliaries } from '../../integer/auxiliary.ts';
import type { IntegerNode, NodeOf } from '../../integer/integer-graph.ts';
import type { PRIMITIVES } from '../../integer/primitives.ts';
import type { TraceLayout } from '../../integer/trace-layout.ts';
import type { Walk } from '../walk.ts';
import { walkArgmax } from './argmax.ts';
import { walkCompare } from './compare.ts';
import { walkDivide } from './divide.ts';
import type { Gadget } from './gadget.ts';
import { walkLinear } from './linear.ts';
import { walkMax } from './max.ts';
import { walkMultiply } from './multiply.ts';
import { walkRequantize } from './requantize.ts';
import { walkSelect } from './select.ts';
import { walkTable } from './table.ts';
import { walkThermometer } from './thermometer.ts';
import { walkThreshold } from './threshold.ts';
import { walkTreeLeaves } from './tree-leaves.ts';

/** How each primitive is checked. The primitives are declared in src/integer/primitives.ts. */
const GADGETS: {
  readonly [Op in IntegerNode['op']]: Gadget<NodeOf<Op>, (typeof PRIMITIVES)[Op]['auxiliaries']>;
} = {
  linear: walkLinear,
  requantize: walkRequantize,
  table: walkTable,
  max: walkMax,
  argmax: walkArgmax,
  threshold: walkThreshold,
  multiply: walkMultiply,
  compare: walkCompare,
  divide: walkDivide,
  thermometer: walkThermometer,
  select: walkSelect,
  'tree-leaves': walkTreeLeaves,
};

/** Matches the rows of one node. */
export function walkNode(walk: Walk, node: IntegerNode, layout: TraceLayout): void {
  const gadget = GADGETS[node.op] as Gadget<IntegerNode, Auxiliaries>;
  gadget(walk, node, (index) => layout.cursor(node.first + index));
}
