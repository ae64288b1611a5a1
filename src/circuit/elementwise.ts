import type { IntegerNode } from '../integer/integer-graph.ts';
import { type Argument, classify, type Instances, type Layer } from './layer.ts';

/** The fields of a layer with one position per output, which reads one entry of each operand. */
export function elementwise(name: string, node: IntegerNode, operands: readonly Int32Array[]) {
  const sources = new Int32Array(node.count * operands.length);
  operands.forEach((ids, t) => {
    ids.forEach((id, i) => {
      sources[i * operands.length + t] = id;
    });
  });
  return {
    name,
    node,
    origin: node.origin,
    positions: node.count,
    inputs: operands.length,
    sources,
    outputs: 1,
    outputFirst: node.first,
  } satisfies Partial<Layer>;
}

/** The instances of a layer whose arguments all depend on the position, in the template's order. */
export function instancesAt(
  positions: number,
  names: readonly string[],
  argumentsAt: (position: number) => readonly Argument[],
): Instances {
  const { classOf, members } = classify(positions, argumentsAt);
  const args = names.map((name, k) => ({ name, value: { byClass: members.map((member) => member[k]!) } }));
  return { args, classOf };
}
