import type { Block, Diagonal, LinearNode, Shape } from '../float-graph.ts';
import type { Expect, KindDescription, NodeKind, Unplaced } from '../node-kind.ts';
import { isPooling } from '../pooling-sum.ts';
import { absorbFactors } from './absorb-factors.ts';
import { cannotBeNegative } from './never-negative.ts';
import { shrinkLinear } from './shrink-linear.ts';

/** An affine function with constant weights. */
export const linear: NodeKind<LinearNode> = {
  mayReadAbsent: false,
  sources,
  translated: (node, translate) => ({
    ...node,
    blocks: node.blocks.map((block) => ({ ...block, gather: translate(block.gather) })),
    diagonals: node.diagonals.map((diagonal) => ({ ...diagonal, source: translate(diagonal.source) })),
  }),
  numbers,
  check,
  execute,
  shrink: shrinkLinear,
  describe,
  markNonNegative,
  withoutFactors: absorbFactors,
};

function sources({ blocks, diagonals }: Unplaced<LinearNode>): Int32Array[] {
  return [...blocks.map(({ gather }) => gather), ...diagonals.map(({ source }) => source)];
}

function numbers({ blocks, diagonals, bias }: LinearNode): Float64Array[] {
  return [...blocks.map(({ weights }) => weights), ...diagonals.map(({ weights }) => weights), bias];
}

function check(node: LinearNode, expect: Expect): void {
  expect(node.bias.length === node.count, 'bias has the wrong size');
  let outputs = 0;
  for (const { rows, positions, taps, weights, gather } of node.blocks) {
    expect(
      weights.length === rows * taps && gather.length === positions * taps,
      'a block has the wrong size',
    );
    outputs += rows * positions;
  }
  expect(node.blocks.length === 0 || outputs === node.count, 'its blocks do not cover its outputs');
  for (const { weights, source } of node.diagonals) {
    expect(weights.length === node.count && source.length === node.count, 'a diagonal has the wrong size');
  }
}

function execute(node: LinearNode, values: Float64Array): void {
  values.set(node.bias, node.first);
  let at = node.first;
  for (const block of node.blocks) {
    executeBlock(block, values, at);
    at += block.rows * block.positions;
  }
  for (const { weights, source } of node.diagonals) {
    for (let i = 0; i < node.count; i += 1) {
      const id = source[i]!;
      if (id >= 0) values[node.first + i]! += weights[i]! * values[id]!;
    }
  }
}

function executeBlock(
  { rows, positions, taps, weights, gather }: Block,
  values: Float64Array,
  first: number,
): void {
  const window = new Float64Array(taps);
  for (let position = 0; position < positions; position += 1) {
    for (let tap = 0; tap < taps; tap += 1) {
      const id = gather[position * taps + tap]!;
      window[tap] = id >= 0 ? values[id]! : 0;
    }
    for (let row = 0; row < rows; row += 1) {
      let sum = values[first + row * positions + position]!;
      for (let tap = 0; tap < taps; tap += 1) sum += weights[row * taps + tap]! * window[tap]!;
      values[first + row * positions + position] = sum;
    }
  }
}

function describe(node: LinearNode): KindDescription {
  const weighted = node.blocks.filter((block) => !isSum(block));
  const scaled = node.diagonals.reduce((sum, diagonal) => sum + countScales(diagonal), 0);
  const sum = (term: (block: Block) => number) => weighted.reduce((total, block) => total + term(block), 0);
  return {
    kind: displayedKind(node, weighted.length),
    shape: shapeOf(node),
    macs: scaled + sum(({ rows, positions, taps }) => rows * positions * taps),
    params: scaled + sum(({ rows, weights }) => rows + weights.length),
  };
}

function displayedKind(node: LinearNode, weighted: number): string {
  if (weighted > 0) return 'linear';
  if (node.blocks.length > 0) return 'sum';
  return node.diagonals.length > 1 ? 'add' : 'scale';
}

function shapeOf({ blocks, count }: LinearNode): Shape {
  const positions = blocks[0]?.positions ?? 1;
  const samePositions = blocks.every((block) => block.positions === positions);
  return samePositions && positions > 1 && count > positions ? [count / positions, positions] : [count];
}

const isSum = (block: Block): boolean => isPooling(block) && block.weights[0] === 1;

const countScales = ({ weights }: Diagonal): number =>
  weights.filter((weight) => Math.abs(weight) !== 1).length;

/** Conservative: any negative weight or bias in the node leaves all its outputs unmarked. */
function markNonNegative(node: LinearNode, nonNegative: Uint8Array): void {
  const isNonNegative =
    numbers(node).every((list) => list.every((number) => number >= 0)) &&
    sources(node).every((ids) => ids.every((id) => cannotBeNegative(id, nonNegative)));
  if (isNonNegative) nonNegative.fill(1, node.first, node.first + node.count);
}
