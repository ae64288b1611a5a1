import { refuseUnprintable } from '../printable-names.ts';
import type { GraphProto, NodeProto } from './decode-model.ts';
import { subGraphsOf } from './live-nodes.ts';
import { storedTensors } from './sparse-tensor.ts';

/** Refuses names of a graph, and of those within it, that messages, records and interfaces could not quote. */
export function refuseUnprintableNames(graph: GraphProto, file: string): void {
  const { input, output } = graph;
  const tensors = [...storedTensors(graph), ...input, ...output].map(({ name }) => name);
  refuseUnprintable('tensor', tensors, file);
  refuseUnprintableNodes(graph.node as NodeProto[], file);
}

/** The same of nodes alone, such as those of a function. */
export function refuseUnprintableNodes(node: readonly NodeProto[], file: string): void {
  refuseUnprintable(
    'node',
    node.map(({ name }) => name),
    file,
  );
  refuseUnprintable(
    'operator',
    node.flatMap(({ opType, domain }) => [opType, domain]),
    file,
  );
  refuseUnprintable(
    'value',
    node.flatMap((one) => [...(one.input ?? []), ...(one.output ?? [])]),
    file,
  );
  for (const one of node) for (const inner of subGraphsOf(one)) refuseUnprintableNames(inner, file);
}
