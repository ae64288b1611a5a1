import { ABSENT, ZERO } from '../graph/float-graph.ts';

/**
 * Where the float graph's values went: for each float id the integer id that carries it, and how to read it back
 * (real = offset + scale · integer; only inputs have an offset).
 *
 * `reach` is how far a value's integers go relative to the widest input: a one-hot column has two levels where an
 * amount has 256, so a rounding error in its weight is multiplied by less. 1 for everything but inputs.
 */
export class ValueMap {
  readonly #integerId: Int32Array;
  readonly #scale: Float64Array;
  readonly #offset: Float64Array;
  readonly #reach: Float64Array;

  constructor(floatValues: number) {
    this.#integerId = new Int32Array(floatValues).fill(ABSENT);
    this.#scale = new Float64Array(floatValues);
    this.#offset = new Float64Array(floatValues);
    this.#reach = new Float64Array(floatValues).fill(1);
  }

  set(floatId: number, integerId: number, scale: number, offset = 0, reach = 1): void {
    this.#integerId[floatId] = integerId;
    this.#scale[floatId] = scale;
    this.#offset[floatId] = offset;
    this.#reach[floatId] = reach;
  }

  /** ZERO and ABSENT stand for themselves in both graphs. */
  integerId(floatId: number): number {
    return floatId === ZERO || floatId === ABSENT ? floatId : this.#integerId[floatId]!;
  }

  integerIds(floatIds: Int32Array): Int32Array {
    return floatIds.map((id) => this.integerId(id));
  }

  /** 0 for ZERO: a place without a value weighs nothing. */
  scale(floatId: number): number {
    return floatId < 0 ? 0 : this.#scale[floatId]!;
  }

  offset(floatId: number): number {
    return floatId < 0 ? 0 : this.#offset[floatId]!;
  }

  reach(floatId: number): number {
    return floatId < 0 ? 0 : this.#reach[floatId]!;
  }
}
