import type { ActivationNode } from '../graph/float-graph.ts';
import type { EffectiveLinear } from './effective-linear.ts';
import type { TableWindow } from './table-window.ts';

/** A linear layer whose sums need scales. */
export interface ScaledLayer {
  /** The name of the integer node. */
  readonly name: string;
  readonly linear: EffectiveLinear;
  /** By output: the value of the float graph that it stands for. */
  readonly values: ArrayLike<number>;
  readonly weightBits: number;
}

/** Values that are rounded to fewer bits. */
export interface RoundedValues {
  /** The name of the integer node. */
  readonly name: string;
  /** Ids of the float graph. */
  readonly values: ArrayLike<number>;
  /** The width of the range outside of which no values are told apart; Infinity for most. */
  readonly span: number;
}

/** What decides the scales of an integer graph: calibration rows, or what a manifest records of them. */
export interface ScaleSource {
  /** The scale of each sum of a linear layer: those of one step group have one scale. All are powers of two apart. */
  readonly scales: (layer: ScaledLayer) => Float64Array;
  /**
   * The number of bits by which values are shifted right.
   *
   * @param scales by value: its scale before
   * @param limit the largest absolute integer that a value may be on the calibration rows
   */
  readonly shift: (rounded: RoundedValues, scales: Float64Array, limit: number) => number;
  /**
   * Where the table of an activation is: the entry of a value is that at floor((value + offset) / 2^shift).
   *
   * @param scale of its operands
   * @param bits of its index
   */
  readonly window: (node: ActivationNode, scale: number, bits: number) => TableWindow;
  /** Whether a value is not the same in all calibration rows; true if that is not known. */
  readonly varies: (floatId: number) => boolean;
  /** The largest magnitude that a value has on the calibration rows as an integer; 0 if it is not known. */
  readonly magnitude: (floatId: number, as: { readonly scale: number; readonly offset?: number }) => number;
}
