import { ABSENT, ZERO } from '../graph/float-graph.ts';

/**
 * Maps the values of the float graph to those of the integer graph: by float id, the integer id, scale and offset, with
 * real = offset + scale · integer. Only inputs have an offset.
 *
 * `reach` is the largest integer of an input relative to that of the widest input, and 1 for all other values. A one-hot
 * column (0 or 1) beside an amount (0 to 255) has reach 1/255: a rounding error in its weight counts for that much less.
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

  /** ZERO and ABSENT are the same in both graphs. */
  integerId(floatId: number): number {
    return floatId === ZERO || floatId === ABSENT ? floatId : this.#integerId[floatId]!;
  }

  integerIds(floatIds: Int32Array): Int32Array {
    return floatIds.map((id) => this.integerId(id));
  }

  /** 0 for ZERO and ABSENT, which contribute nothing to a sum. */
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
