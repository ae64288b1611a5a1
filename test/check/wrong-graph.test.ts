import { describe, expect, it } from 'vitest';
import { type CheckedCircuit, checkCircuit } from '../../src/check/check-circuit.ts';
import { sampleRows } from '../../src/check/sample-rows.ts';
import { deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import { QuietproofError } from '../../src/errors/quietproof-error.ts';
import { computeBounds, executeInteger } from '../../src/integer/execute.ts';
import type { IntegerGraph, IntegerNode } from '../../src/integer/integer-graph.ts';
import { TEST_GRAPHS } from '../circuit/support/graphs.ts';
import { compileGraph } from './compile-checked.ts';

/** Graphs that differ from this one in one place: one per node and kind of change. */
function* otherGraphs(graph: IntegerGraph): Generator<{ change: string; other: IntegerGraph }> {
  for (const [k, node] of graph.nodes.entries()) {
    for (const [change, replaced] of otherNodes(node)) {
      yield {
        change: `${node.op} ${k}: ${change}`,
        other: { ...graph, nodes: graph.nodes.with(k, replaced) },
      };
    }
  }
  const max = graph.input.max.map((most, i) => (i === 0 ? most + 1 : most));
  yield { change: 'a wider input', other: { ...graph, input: { ...graph.input, max } } };
}

function* otherNodes(node: IntegerNode): Generator<[string, IntegerNode]> {
  switch (node.op) {
    case 'linear': {
      const [block] = node.blocks;
      for (const step of [1, -1]) {
        yield ['bias', { ...node, bias: node.bias.with(0, node.bias[0]! + step) }];
        if (block === undefined) continue;
        const weights = block.weights.with(0, block.weights[0]! + step);
        yield ['weight', { ...node, blocks: [{ ...block, weights }, ...node.blocks.slice(1)] }];
      }
      if (block !== undefined && block.taps > 1) {
        const gather = block.gather.with(0, block.gather[1]!).with(1, block.gather[0]!);
        yield ['sources exchanged', { ...node, blocks: [{ ...block, gather }, ...node.blocks.slice(1)] }];
      }
      return;
    }
    case 'requantize': {
      yield ['shift', { ...node, shift: node.shift + 1 }];
      if (node.activation.kind === 'leaky') {
        const numerator = node.activation.numerator + 1;
        yield ['slope', { ...node, activation: { ...node.activation, numerator } }];
        return;
      }
      const { low, high } = node.activation;
      if ((low ?? -1) + 1 < (high ?? Infinity))
        yield ['low', { ...node, activation: { kind: 'clamp', low: (low ?? -1) + 1, high } }];
      if ((low ?? -Infinity) < (high ?? 6) - 1)
        yield ['high', { ...node, activation: { kind: 'clamp', low, high: (high ?? 6) - 1 } }];
      yield ['none', { ...node, activation: { kind: 'clamp', low: null, high: null } }];
      return;
    }
    case 'table': {
      yield ['shift', { ...node, shift: node.shift + 1 }];
      yield ['offset', { ...node, offset: node.offset + 2 ** node.shift }];
      for (const index of [0, node.entries.length >> 1, node.entries.length - 1]) {
        const entries = node.entries.with(index, node.entries[index]! + 1);
        yield [`entry ${index}`, { ...node, entries }];
      }
      return;
    }
    case 'max':
      yield ['first place', { ...node, gather: node.gather.with(4, node.gather[5]!) }];
      return;
    case 'argmax':
      yield ['order', { ...node, source: node.source.toReversed() }];
      return;
    case 'threshold':
      yield ['threshold', { ...node, threshold: node.threshold + 1 }];
      return;
    case 'multiply':
      yield ['another factor', { ...node, right: node.right.with(0, node.left[0]!) }];
      return;
    case 'compare':
      yield ['exchanged', { ...node, left: node.right, right: node.left }];
      yield ['offset', { ...node, offset: node.offset.with(0, node.offset[0]! + 1) }];
      return;
    case 'divide':
      yield ['factor', { ...node, factor: node.factor + 1 }];
      yield ['another numerator', { ...node, numerator: node.numerator.with(0, node.numerator[1]!) }];
      return;
    case 'thermometer':
      for (const step of [1, -1]) {
        for (const k of node.cuts.keys()) {
          const cut = node.cuts[k]! + step;
          if (!node.cuts.includes(cut)) yield ['cut', { ...node, cuts: node.cuts.with(k, cut) }];
        }
      }
      return;
    case 'select':
      yield ['children exchanged', { ...node, whenTrue: node.whenFalse, whenFalse: node.whenTrue }];
      yield ['condition', { ...node, condition: node.condition.toReversed() }];
      return;
    case 'tree-leaves': {
      const exchanged = (child: number) => (child === -1 ? -2 : child === -2 ? -1 : child);
      const whenTrue = node.whenTrue.map(exchanged);
      yield ['leaves exchanged', { ...node, whenTrue, whenFalse: node.whenFalse.map(exchanged) }];
      yield ['condition', { ...node, condition: node.condition.toReversed() }];
    }
  }
}

/** Public output signals of a row: outputs minus their proved minima. */
function signals(graph: IntegerGraph, row: Float64Array): number[] {
  const { lo } = computeBounds(graph);
  const values = executeInteger(graph, row);
  return Array.from(graph.statement.outputs, (id) => values[id]! - lo[id]!);
}

/** Undefined for a graph that is refused: its divisors may be 0, its conditions other than 0 or 1, its cuts beyond. */
function verdictFor(circuit: CheckedCircuit, other: IntegerGraph): string | undefined {
  try {
    const { sources } = deriveCircuit(other);
    return checkCircuit({ ...circuit, sources, graph: other, searchCounterexample: false }).verdict;
  } catch (error) {
    if (error instanceof QuietproofError && /^QP303[056]$/.test(error.code)) return undefined;
    throw error;
  }
}

describe.each(Object.entries(TEST_GRAPHS))('a circuit of %s', (_, make) => {
  it('is proved equal to its own graph, and to no graph that gives other answers', async () => {
    const { graph } = make();
    const circuit = await compileGraph(graph);
    expect(checkCircuit(circuit).verdict).toBe('proved');
    let refused = 0;
    for (const { change, other } of otherGraphs(graph)) {
      const verdict = verdictFor(circuit, other);
      if (verdict !== 'proved') refused += 1;
      // A graph that is proved too must compute the same, for example if a weight of a dead neuron was changed.
      else
        for (const row of sampleRows(graph, 64))
          expect([change, signals(other, row)]).toEqual([change, signals(graph, row)]);
    }
    expect(refused).toBeGreaterThan(0);
  });
});
