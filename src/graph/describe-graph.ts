import type { Block, Diagonal, FloatGraph, FloatNode, LinearNode, Shape } from './float-graph.ts';
import { isPooling } from './passes/pooling-sum.ts';

/** One line of what `inspect` prints. */
export interface NodeDescription {
  readonly name: string;
  /** For people: `linear`, `sum` (of windows), `add`, `scale`, `max`, or the kind of activation. */
  readonly kind: string;
  /** The source file's operators that went into it. */
  readonly origin: readonly string[];
  /** Rows × positions where the outputs have that form, else their count. */
  readonly shape: Shape;
  readonly count: number;
  /** Multiplications, as usually counted: with padding, without sums and scales by ±1. */
  readonly macs: number;
  /** Stored weights and one bias a row. */
  readonly params: number;
}

export interface GraphDescription {
  readonly nodes: readonly NodeDescription[];
  readonly macs: number;
  readonly params: number;
}

/** What a float graph consists of, node by node, with totals. */
export function describeGraph(graph: FloatGraph): GraphDescription {
  const nodes = graph.nodes.map(describeNode);
  const total = (key: 'macs' | 'params') => nodes.reduce((sum, node) => sum + node[key], 0);
  return { nodes, macs: total('macs'), params: total('params') };
}

function describeNode(node: FloatNode): NodeDescription {
  const { name, origin, count } = node;
  const base = { name, origin, count, shape: [count], macs: 0, params: 0 };
  if (node.op === 'max') return { ...base, kind: 'max' };
  if (node.op === 'activation') return { ...base, kind: node.fn.kind };
  const weighted = node.blocks.filter((block) => !isSum(block));
  const scaled = node.diagonals.reduce((sum, diagonal) => sum + scales(diagonal), 0);
  const sum = (of: (block: Block) => number) => weighted.reduce((total, block) => total + of(block), 0);
  return {
    ...base,
    kind: linearKind(node, weighted.length),
    shape: linearShape(node),
    macs: scaled + sum(({ rows, positions, taps }) => rows * positions * taps),
    params: scaled + sum(({ rows, weights }) => rows + weights.length),
  };
}

function linearKind(node: LinearNode, weighted: number): string {
  if (weighted > 0) return 'linear';
  if (node.blocks.length > 0) return 'sum';
  return node.diagonals.length > 1 ? 'add' : 'scale';
}

function linearShape({ blocks, count }: LinearNode): Shape {
  const positions = blocks[0]?.positions ?? 1;
  const alike = blocks.every((block) => block.positions === positions);
  return alike && positions > 1 && count > positions ? [count / positions, positions] : [count];
}

const isSum = (block: Block): boolean => isPooling(block) && block.weights[0] === 1;

const scales = ({ weights }: Diagonal): number => weights.filter((weight) => Math.abs(weight) !== 1).length;
