import { QuietproofError } from '../errors/quietproof-error.ts';
import { factsOf } from './activation-facts.ts';
import {
  ABSENT,
  type ActivationNode,
  type FloatGraph,
  type FloatNode,
  type LinearNode,
  ZERO,
} from './float-graph.ts';

/**
 * Asserts what every float graph must satisfy; run after import and after every pass.
 *
 * @param after the stage that produced the graph, for the message
 * @throws QuietproofError QP9001 for a broken invariant (our bug), QP2109 for a weight that is not finite
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
    expect(node.first === first && node.count > 0, 'it is not at the end of the values before it');
    if (node.op === 'linear') checkLinear(node, expect);
    else checkSources(node, node.op === 'max' ? node.gather : node.source, expect);
    if (node.op === 'max')
      expect(node.taps > 0 && node.gather.length === node.count * node.taps, 'gather has a wrong size');
    if (node.op === 'activation') checkActivation(node, expect);
    first += node.count;
  }
  for (const id of graph.output.values) {
    if (id < 0 || id >= first) throw broken(after, `the output reads the value ${id}`);
  }
}

type Expect = (holds: boolean, what: string) => void;

function checkActivation({ fn, source, count }: ActivationNode, expect: Expect): void {
  expect(source.length === count, 'source has a wrong size');
  const { isDefined, name } = factsOf(fn);
  expect(isDefined, `${name} is not a function`);
}

function checkLinear(node: LinearNode, expect: Expect): void {
  expect(node.bias.length === node.count, 'bias has a wrong size');
  let outputs = 0;
  for (const { rows, positions, taps, weights, gather } of node.blocks) {
    expect(weights.length === rows * taps && gather.length === positions * taps, 'a block has wrong sizes');
    checkSources(node, gather, expect);
    checkFinite(node, weights);
    outputs += rows * positions;
  }
  expect(node.blocks.length === 0 || outputs === node.count, 'its blocks do not make up its outputs');
  for (const { weights, source } of node.diagonals) {
    expect(weights.length === node.count && source.length === node.count, 'a diagonal has a wrong size');
    checkSources(node, source, expect);
    checkFinite(node, weights);
  }
  checkFinite(node, node.bias);
}

function checkSources(node: FloatNode, ids: Int32Array, expect: Expect): void {
  const lowest = node.op === 'max' ? ABSENT : ZERO;
  for (let i = 0; i < ids.length; i++) {
    if (ids[i]! < lowest || ids[i]! >= node.first) expect(false, `it reads the value ${ids[i]}`);
  }
}

function checkFinite(node: FloatNode, numbers: Float64Array): void {
  for (let i = 0; i < numbers.length; i++) {
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
  return new QuietproofError('QP9001', { what: `the graph is broken after ${after}: ${what}` });
}
