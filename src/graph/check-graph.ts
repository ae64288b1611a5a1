import { QuietproofError } from '../errors/quietproof-error.ts';
import { ABSENT, type FloatGraph, type FloatNode, ZERO } from './float-graph.ts';
import type { Expect } from './node-kind.ts';
import { kindOf } from './node-kinds.ts';

/**
 * Asserts the invariants of a float graph. Runs after import and after every pass.
 *
 * @param after the stage that produced the graph, for the message
 * @throws QuietproofError QP9001 if an invariant does not hold (our bug), QP2109 if a weight is not finite
 */
export function checkGraph(graph: FloatGraph, after: string): void {
  const names = new Set<string>();
  let first = graph.input.count;
  for (const node of graph.nodes) {
    const expect = (holds: boolean, what: string) => {
      if (!holds) throw broken(after, `node "${node.name}": ${what}`);
    };
    expect(!names.has(node.name), 'its name is not unique');
    names.add(node.name);
    expect(node.first === first && node.count > 0, 'its values do not follow those of the node before it');
    const kind = kindOf(node);
    kind.check(node, expect);
    const lowest = kind.mayReadAbsent ? ABSENT : ZERO;
    for (const ids of kind.sources(node)) checkSources(ids, lowest, node.first, expect);
    for (const numbers of kind.numbers(node)) checkFinite(node, numbers);
    first += node.count;
  }
  for (const id of graph.outputs.flatMap(({ values }) => Array.from(values))) {
    if (id < 0 || id >= first) throw broken(after, `the output reads value ${id}, which does not exist`);
  }
}

function checkSources(ids: Int32Array, lowest: number, end: number, expect: Expect): void {
  for (let i = 0; i < ids.length; i += 1) {
    if (ids[i]! < lowest || ids[i]! >= end)
      expect(false, `it reads value ${ids[i]}, which is not allowed here`);
  }
}

function checkFinite(node: FloatNode, numbers: Float64Array): void {
  for (let i = 0; i < numbers.length; i += 1) {
    if (!Number.isFinite(numbers[i]!)) {
      throw new QuietproofError('QP2109', {
        what: `a weight is ${numbers[i]}, which is not a finite number`,
        where: `node "${node.name}"`,
        fix: 'Check the training run and the export',
      });
    }
  }
}

function broken(after: string, what: string): QuietproofError {
  return new QuietproofError('QP9001', { what: `the graph is invalid after ${after}: ${what}` });
}
