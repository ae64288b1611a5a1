import type { Block, Diagonal, FloatGraph, FloatNode, LinearNode, Shape } from './float-graph.ts';
import { isPooling } from './passes/pooling-sum.ts';

/** One line of `inspect`'s output. */
export interface NodeDescription {
  readonly name: string;
  /** For display: `linear`, `sum` (over windows), `add`, `scale`, `max`, or the kind of activation. */
  readonly kind: string;
  /** The operators of the source file that were fused into it. */
  readonly origin: readonly string[];
  /** [rows, positions] if the outputs have that form, else [count]. */
  readonly shape: Shape;
  readonly count: number;
  /** Multiply-accumulates by the usual convention: padding counts; sums and scales by ±1 do not. */
  readonly macs: number;
  /** Stored weights plus one bias per row. */
  readonly params: number;
}

export interface GraphDescription {
  readonly nodes: readonly NodeDescription[];
  readonly macs: number;
  readonly params: number;
}

/** Describes a float graph node by node, with totals. */
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
  const scaled = node.diagonals.reduce((sum, diagonal) => sum + countScales(diagonal), 0);
  const sum = (term: (block: Block) => number) => weighted.reduce((total, block) => total + term(block), 0);
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
  const samePositions = blocks.every((block) => block.positions === positions);
  return samePositions && positions > 1 && count > positions ? [count / positions, positions] : [count];
}

const isSum = (block: Block): boolean => isPooling(block) && block.weights[0] === 1;

const countScales = ({ weights }: Diagonal): number =>
  weights.filter((weight) => Math.abs(weight) !== 1).length;
