import { QuietproofError } from '../errors/quietproof-error.ts';
import type { FeatureCoding, IntegerGraph } from './integer-graph.ts';
import { isCount } from './invariants.ts';
import { primitiveOf } from './primitives.ts';

/**
 * Checks what every later step relies on: ids are in order and read only after they are written, shapes agree, numbers
 * are integers.
 *
 * @throws QuietproofError QP3901 naming the layer: a bug in this program, never a fault of the model
 */
export function checkIntegerGraph(graph: IntegerGraph): void {
  let next = graph.input.count;
  const { codings, max, shape } = graph.input;
  ensure(codings.length === next && max.length === next, 'input', 'one encoding a feature');
  ensure(max.every(isCount) && codings.every(isPossible), 'input', 'ranges and steps');
  ensure(
    shape.reduce((count, size) => count * size, 1) === next && shape.every(isCount),
    'input',
    'a shape of all features',
  );
  for (const node of graph.nodes) {
    ensure(node.first === next && node.count > 0, node.name, 'values follow each other');
    ensure(node.scale > 0 && Number.isFinite(node.scale), node.name, 'a positive scale');
    primitiveOf(node).check(node, (holds, invariant) => ensure(holds, node.name, invariant));
    next += node.count;
  }
  ensure(graph.statement.outputs.length > 0, 'outputs', 'at least one');
  ensure(
    graph.statement.outputs.every((id) => id >= 0 && id < next),
    'outputs',
    'ids exist',
  );
}

function isPossible(coding: FeatureCoding): boolean {
  switch (coding.kind) {
    case 'affine':
      return coding.step > 0 && Number.isFinite(coding.step);
    case 'rank32':
      return true;
    case 'category':
      return new Set(coding.values).size === coding.values.length;
  }
}

function ensure(holds: boolean, layer: string, invariant: string): void {
  if (!holds) throw new QuietproofError('QP3901', { where: `layer "${layer}": ${invariant}` });
}
