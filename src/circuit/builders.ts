import type { IntegerNode, NodeOf } from '../integer/integer-graph.ts';
import { buildArgmax } from './argmax.ts';
import type { BuildContext, Builder } from './builder.ts';
import { buildCompare } from './compare.ts';
import { buildDivide } from './divide.ts';
import type { Layer } from './layer.ts';
import { buildLinear } from './linear.ts';
import { buildMax } from './max.ts';
import { buildMultiply } from './multiply.ts';
import { buildRequantize } from './requantize.ts';
import { buildSelect } from './select.ts';
import { buildTable } from './table.ts';
import { buildThermometer } from './thermometer.ts';
import { buildThreshold } from './threshold.ts';
import { buildTreeLeaves } from './tree-leaves.ts';

/** How the circuit of each primitive is built. The primitives are declared in src/integer/primitives.ts. */
const BUILDERS: { readonly [Op in IntegerNode['op']]: Builder<NodeOf<Op>> } = {
  linear: buildLinear,
  requantize: buildRequantize,
  table: buildTable,
  max: buildMax,
  argmax: buildArgmax,
  threshold: buildThreshold,
  multiply: buildMultiply,
  compare: buildCompare,
  divide: buildDivide,
  thermometer: buildThermometer,
  select: buildSelect,
  'tree-leaves': buildTreeLeaves,
};

/** The layers of one node. */
export function buildLayers(name: string, node: IntegerNode, context: BuildContext): readonly Layer[] {
  return (BUILDERS[node.op] as Builder<IntegerNode>)(name, node, context);
}
