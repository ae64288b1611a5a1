import { ABSENT, ZERO } from '../graph/float-graph.ts';

/** An integer that stands for a value of the float graph: real = offset + scale · integer. Only inputs, and choices of them, have an offset. */
export interface MappedValue {
  readonly integerId: number;
  readonly scale: number;
  readonly offset?: number;
  /** The largest magnitude of the integer: of all that an input may be, else on the calibration rows. */
  readonly largest: number;
  /**
   * The largest integer of an input relative to that of the widest input; 0 if it never varied, and 1, the default, for all other values. A one-hot
   * column (0 or 1) beside an amount (0 to 255) has reach 1/255: a rounding error in its weight counts for that much less.
   */
  readonly reach?: number;
}

/**
 * Maps the values of the float graph to those of the integer graph, by float id. A value that is the same for every input
 * is not there as an integer: it is an exact zero with the value as its offset, which every layer folds into its bias.
 */
export class ValueMap {
  readonly #integerId: Int32Array;
  readonly #scale: Float64Array;
  readonly #offset: Float64Array;
  readonly #largest: Float64Array;
  readonly #reach: Float64Array;

  constructor(floatValues: number) {
    this.#integerId = new Int32Array(floatValues).fill(ABSENT);
    this.#scale = new Float64Array(floatValues);
    this.#offset = new Float64Array(floatValues);
    this.#largest = new Float64Array(floatValues);
    this.#reach = new Float64Array(floatValues);
  }

  set(floatId: number, { integerId, scale, offset = 0, largest, reach = 1 }: MappedValue): void {
    this.#integerId[floatId] = integerId;
    this.#scale[floatId] = scale;
    this.#offset[floatId] = offset;
    this.#largest[floatId] = largest;
    this.#reach[floatId] = reach;
  }

  setConstant(floatId: number, value: number): void {
    this.set(floatId, { integerId: ZERO, scale: 0, offset: value, largest: 0 });
  }

  isConstant(floatId: number): boolean {
    return this.integerId(floatId) === ZERO;
  }

  /** ZERO and ABSENT are the same in both graphs. */
  integerId(floatId: number): number {
    return floatId === ZERO || floatId === ABSENT ? floatId : this.#integerId[floatId]!;
  }

  integerIds(floatIds: Int32Array): Int32Array {
    return floatIds.map((id) => this.integerId(id));
  }

  /** 0 for constants, ZERO and ABSENT, which contribute no integer to a sum. */
  scale(floatId: number): number {
    return floatId < 0 ? 0 : this.#scale[floatId]!;
  }

  offset(floatId: number): number {
    return floatId < 0 ? 0 : this.#offset[floatId]!;
  }

  largest(floatId: number): number {
    return floatId < 0 ? 0 : this.#largest[floatId]!;
  }

  reach(floatId: number): number {
    return floatId < 0 ? 0 : this.#reach[floatId]!;
  }
}
