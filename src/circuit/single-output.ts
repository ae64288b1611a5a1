import type { IntegerNode } from '../integer/integer-graph.ts';
import type { Argument, Instances, Layer } from './layer.ts';

/** The fields of a layer with one position and one output. */
export function singleOutput(name: string, node: IntegerNode, sources: Int32Array) {
  return {
    name,
    node,
    origin: node.origin,
    positions: 1,
    inputs: sources.length,
    sources,
    outputs: 1,
    outputFirst: node.first,
  } satisfies Partial<Layer>;
}

/** The arguments of the only instance of such a layer, in the template's order. */
export function singleInstance(args: Readonly<Record<string, Argument>>): Instances {
  return {
    args: Object.entries(args).map(([name, value]) => ({ name, value: { shared: value } })),
    classOf: new Int32Array(1),
  };
}
