import type { InputMode } from '@quietproof/verify';
import type { Categories } from '../data/categories.ts';
import type { GraphInput, ModelSource } from '../graph/float-graph.ts';

/**
 * The integer graph: the exact definition of what is proved. Like the float graph, its scalars live in one flat
 * value space and nodes read ids (`ZERO` for an exact zero, `ABSENT` in max windows only).
 *
 * Every value is an integer; its real meaning is `integer · scale` (inputs: as their coding says).
 */
export interface IntegerGraph {
  /** What of the model file defines the graph; its name and its file's are labels, and stand in no digest. */
  readonly source: Pick<ModelSource, 'format' | 'sha256'>;
  readonly input: IntegerInput;
  readonly nodes: readonly IntegerNode[];
  readonly statement: Statement;
}

export interface IntegerInput extends GraphInput {
  /** By feature: what its integers stand for. */
  readonly codings: readonly FeatureCoding[];
  /**
   * By feature: 0 ≤ integer ≤ max. Enforced by the circuit or by the verifiers, depending on the statement's input mode
   * (enforced-max.ts).
   */
  readonly max: Float64Array;
}

/** The encodings of SPEC.md, section 17, that models are compiled with. */
export type FeatureCoding =
  /** real = offset + step · integer; with 'coded', the largest integer stands for NaN instead. */
  | { readonly kind: 'affine'; readonly offset: number; readonly step: number; readonly nan?: 'coded' }
  /** The rank of a float32 among all float32 numbers; with 'coded', NaN has the rank above +∞. */
  | { readonly kind: 'rank32'; readonly nan: 'refused' | 'coded' }
  /** The place of a text among its categories; with 'coded', any other text has the place after the last one. */
  | ({ readonly kind: 'category' } & Categories);

export type CodingOf<Kind extends FeatureCoding['kind']> = Extract<FeatureCoding, { readonly kind: Kind }>;

export type IntegerNode =
  | IntegerLinear
  | Requantize
  | Table
  | IntegerMax
  | Argmax
  | Threshold
  | Thermometer
  | Select
  | TreeLeaves
  | Multiply
  | Compare
  | Divide;

export type NodeOf<Op extends IntegerNode['op']> = Extract<IntegerNode, { readonly op: Op }>;

/** The fields of a node that not all nodes have. */
export type OwnFields<N extends IntegerNode> = Omit<N, keyof NodeBase | 'op'>;

interface NodeBase {
  readonly name: string;
  readonly origin: readonly string[];
  readonly first: number;
  readonly count: number;
  /** real = integer · scale, the same scale for all values of the node. */
  readonly scale: number;
}

/** out = Σ blocks + Σ diagonals + bias, over the integers. Shapes as in the float graph's linear node. */
export interface IntegerLinear extends NodeBase {
  readonly op: 'linear';
  readonly blocks: readonly IntegerBlock[];
  readonly diagonals: readonly IntegerDiagonal[];
  readonly bias: Float64Array;
}

export interface IntegerBlock {
  readonly rows: number;
  readonly positions: number;
  readonly taps: number;
  /** Integers, exact in a double. */
  readonly weights: Float64Array;
  readonly gather: Int32Array;
}

export interface IntegerDiagonal {
  readonly weights: Float64Array;
  readonly source: Int32Array;
}

/**
 * y = floor((source + 2^(shift−1)) / 2^shift), then the activation. `shift` ≥ 0; a shift of 0 is the identity. Factors
 * belong in the linear node before.
 */
export interface Requantize extends NodeBase {
  readonly op: 'requantize';
  readonly source: Int32Array;
  readonly shift: number;
  readonly activation: IntegerActivation;
}

export type IntegerActivation =
  /** min(max(y, low), high); null means no bound on that side. ReLU is { low: 0, high: null }. */
  | { readonly kind: 'clamp'; readonly low: number | null; readonly high: number | null }
  /** y ≥ 0 ? y · 2^denominatorBits : y · numerator; the scale is finer by 2^denominatorBits. */
  | { readonly kind: 'leaky'; readonly numerator: number; readonly denominatorBits: number };

/**
 * y = entries[floor((source + offset) / 2^shift)], or the first or the last entry where the index is beyond the table.
 * `shift` ≥ 0; there are 2^b entries.
 */
export interface Table extends NodeBase {
  readonly op: 'table';
  readonly source: Int32Array;
  readonly shift: number;
  readonly offset: number;
  readonly entries: Float64Array;
}

export interface IntegerMax extends NodeBase {
  readonly op: 'max';
  readonly taps: number;
  readonly gather: Int32Array;
}

/** One value: the lowest index of the largest source. */
export interface Argmax extends NodeBase {
  readonly op: 'argmax';
  readonly source: Int32Array;
}

/** One value: 1 if source ≥ threshold, else 0. */
export interface Threshold extends NodeBase {
  readonly op: 'threshold';
  readonly source: number;
  readonly threshold: number;
}

/** out = left · right, elementwise. */
export interface Multiply extends NodeBase {
  readonly op: 'multiply';
  readonly left: Int32Array;
  readonly right: Int32Array;
}

/** out = 1 if left − right + offset ≥ 0, else 0, elementwise. */
export interface Compare extends NodeBase {
  readonly op: 'compare';
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Integers, exact in a double. */
  readonly offset: Float64Array;
}

/** out = factor · numerator / denominator, rounded to the nearest integer, halves up. Divisors are at least 1. */
export interface Divide extends NodeBase {
  readonly op: 'divide';
  readonly numerator: Int32Array;
  readonly denominator: Int32Array;
  readonly factor: number;
}

/** Value k is 1 if source ≥ cuts[k], else 0: so 1 … 1 0 … 0. One value per cut. */
export interface Thermometer extends NodeBase {
  readonly op: 'thermometer';
  readonly source: number;
  /** Ascending integers above the proved minimum of the source and not above its maximum. */
  readonly cuts: Float64Array;
}

/** out = whenFalse + condition · (whenTrue − whenFalse). The proved range of every condition lies within 0 … 1. */
export interface Select extends NodeBase {
  readonly op: 'select';
  readonly condition: Int32Array;
  readonly whenTrue: Int32Array;
  readonly whenFalse: Int32Array;
}

/**
 * Value l is 1 if leaf l of a binary tree is reached, else 0. The tree's inner nodes are numbered from the root, 0, so
 * that children come after their parents. Only sums and primitives that expand sums may read the values.
 */
export interface TreeLeaves extends NodeBase {
  readonly op: 'tree-leaves';
  /** By inner node: the value that decides, whose proved range lies within 0 … 1. */
  readonly condition: Int32Array;
  /** By inner node: where it leads for 1 and for 0. An inner node, or −1 − l for leaf l. */
  readonly whenTrue: Int32Array;
  readonly whenFalse: Int32Array;
}

/** What a proof states. Its public signals are, in this order: outputs, input, context. */
export interface Statement {
  readonly output: StatedOutput;
  /** Value ids of the public outputs: logits, argmax and threshold values, in the order of the interface. */
  readonly outputs: Int32Array;
  readonly input: InputMode;
}

/** What the public outputs are; mixed: some are logits, some labels. The interface says how a label is decided. */
export type StatedOutput = 'logits' | 'label' | 'mixed';
