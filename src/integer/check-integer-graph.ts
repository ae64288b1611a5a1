import { QuietproofError } from '../errors/quietproof-error.ts';
import { ABSENT, ZERO } from '../graph/float-graph.ts';
import { EXACT_LIMIT } from './bounds.ts';
import type { IntegerGraph, IntegerLinear, IntegerMax, IntegerNode } from './integer-graph.ts';

/**
 * Asserts what every later step relies on: ids in order and read after they are written, shapes that agree, integers
 * that are integers.
 *
 * @throws QuietproofError QP3901, naming the layer: our bug, never the model's fault
 */
export function checkIntegerGraph(graph: IntegerGraph): void {
  let next = graph.input.count;
  const { offset, step, max } = graph.input;
  ensure(
    offset.length === next && step.length === next && max.length === next,
    'input',
    'one encoding a feature',
  );
  ensure(max.every(isCount) && step.every((s) => s > 0 && Number.isFinite(s)), 'input', 'ranges and steps');
  for (const node of graph.nodes) {
    ensure(node.first === next && node.count > 0, node.name, 'values follow each other');
    ensure(node.scale > 0 && Number.isFinite(node.scale), node.name, 'a positive scale');
    checkNode(node);
    next += node.count;
  }
  ensure(graph.statement.outputs.length > 0, 'outputs', 'at least one');
  ensure(
    graph.statement.outputs.every((id) => id >= 0 && id < next),
    'outputs',
    'ids exist',
  );
}

function checkNode(node: IntegerNode): void {
  switch (node.op) {
    case 'linear':
      checkLinear(node);
      break;
    case 'requantize':
      ensure(node.source.length === node.count && readable(node.source, node.first), node.name, 'sources');
      ensure(isCount(node.shift) && node.shift < 52, node.name, 'a shift of 0 … 51 bits');
      checkActivation(node.name, node.activation);
      break;
    case 'max':
      checkMax(node);
      break;
    case 'argmax':
      ensure(node.source.length > 1 && readable(node.source, node.first), node.name, 'sources');
      break;
    case 'threshold':
      ensure(isReadable(node.source, node.first), node.name, 'a source');
      ensure(Math.abs(node.threshold) <= EXACT_LIMIT, node.name, 'a threshold within the exact range');
  }
}

function checkLinear(node: IntegerLinear): void {
  const outputs = node.blocks.reduce((sum, block) => sum + block.rows * block.positions, 0);
  ensure(node.blocks.length === 0 || outputs === node.count, node.name, 'blocks cover the outputs');
  ensure(
    node.bias.length === node.count && node.bias.every(Number.isSafeInteger),
    node.name,
    'integer biases',
  );
  for (const { rows, positions, taps, weights, gather } of node.blocks) {
    ensure(weights.length === rows * taps && gather.length === positions * taps, node.name, 'block shapes');
    ensure(weights.every(Number.isSafeInteger) && readable(gather, node.first), node.name, 'block entries');
  }
  for (const { weights, source } of node.diagonals) {
    ensure(weights.length === node.count && source.length === node.count, node.name, 'diagonal shapes');
    ensure(
      weights.every(Number.isSafeInteger) && readable(source, node.first),
      node.name,
      'diagonal entries',
    );
  }
}

function checkMax(node: IntegerMax): void {
  ensure(node.gather.length === node.count * node.taps, node.name, 'window shapes');
  ensure(
    node.gather.every((id) => id === ABSENT || isReadable(id, node.first)),
    node.name,
    'window ids',
  );
  for (let i = 0; i < node.count; i += 1) {
    const window = node.gather.subarray(i * node.taps, (i + 1) * node.taps);
    ensure(
      window.some((id) => id !== ABSENT),
      node.name,
      'no empty window',
    );
  }
}

function checkActivation(
  name: string,
  activation: Extract<IntegerNode, { op: 'requantize' }>['activation'],
): void {
  if (activation.kind === 'leaky') {
    const { numerator, denominatorBits } = activation;
    ensure(
      isCount(numerator) && numerator > 0 && numerator <= 2 ** denominatorBits,
      name,
      'a slope in (0, 1]',
    );
    return;
  }
  const { low, high } = activation;
  ensure(low === null || Number.isSafeInteger(low), name, 'an integer low bound');
  ensure(high === null || Number.isSafeInteger(high), name, 'an integer high bound');
  ensure(low === null || high === null || low < high, name, 'low below high');
}

function isReadable(id: number, end: number): boolean {
  return id === ZERO || (id >= 0 && id < end);
}

function readable(ids: Int32Array, end: number): boolean {
  return ids.every((id) => isReadable(id, end));
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function ensure(holds: boolean, layer: string, invariant: string): void {
  if (!holds) throw new QuietproofError('QP3901', { where: `layer "${layer}": ${invariant}` });
}
