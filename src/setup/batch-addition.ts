import { ELEMENT_BYTES } from '../field/bn254.ts';
import type { Bn254, Bn254Ops } from '../field/bn254-wasm.ts';

/** One of the two groups, with the prefixes of its functions in ffjavascript's WebAssembly. */
export interface Group {
  readonly name: 'g1m' | 'g2m';
  readonly field: 'f1m' | 'f2m';
  /** Bytes per coordinate. */
  readonly coordinate: number;
}
export const G1: Group = { name: 'g1m', field: 'f1m', coordinate: ELEMENT_BYTES };
export const G2: Group = { name: 'g2m', field: 'f2m', coordinate: 2 * ELEMENT_BYTES };

/**
 * Adds points to many running sums at once, in affine form. All divisions share one inversion (Montgomery's trick), so
 * an addition costs six multiplications instead of the eleven in mixed coordinates.
 */
export class BatchAddition {
  /** Address of the sums: affine points. All zeros is the point at infinity. */
  readonly sums: number;
  readonly #ops: Bn254Ops;
  readonly #group: Group;
  readonly #active: Int32Array;
  readonly #started: Uint8Array;
  /** products[k] = denominators[0] · … · denominators[k − 1] */
  readonly #products: number;
  readonly #denominators: number;
  readonly #scratch: number;

  constructor(curve: Bn254, group: Group, capacity: number) {
    const size = group.coordinate;
    this.#ops = curve.ops;
    this.#group = group;
    this.#active = new Int32Array(capacity);
    this.#started = new Uint8Array(capacity);
    this.sums = curve.allocate(capacity * 2 * size);
    this.#products = curve.allocate((capacity + 1) * size);
    this.#denominators = curve.allocate(capacity * size);
    this.#scratch = curve.allocate(4 * size);
    curve.ops[`${group.field}_one`]!(this.#products);
  }

  /** Sets every sum to the point at infinity. */
  reset(): void {
    this.#started.fill(0);
    for (let i = 0; i < this.#started.length; i += 1) {
      this.#ops[`${this.#group.name}_zeroAffine`]!(this.sums + i * 2 * this.#group.coordinate);
    }
  }

  /**
   * sum[i] += sign(digit) · entry[|digit| − 1], where `entries` is the address of affine points.
   *
   * @throws Error where a sum equals the point added to it, or its negative
   */
  add(digits: Int32Array, entries: number): void {
    const count = this.#collect(digits, entries);
    if (count === 0) return;
    const [ops, scratch] = [this.#ops, this.#scratch];
    const [products, denominators] = [this.#products, this.#denominators];
    const { field, coordinate: size } = this.#group;
    const mul = ops[`${field}_mul`]!;
    const [inverse, quotient] = [scratch, scratch + size];
    if (ops[`${field}_isZero`]!(products + count * size))
      throw new Error('a batch addition met equal points');
    ops[`${field}_inverse`]!(products + count * size, inverse);
    for (let k = count - 1; k >= 0; k -= 1) {
      mul(inverse, products + k * size, quotient);
      mul(inverse, denominators + k * size, inverse);
      const i = this.#active[k]!;
      const digit = digits[i]!;
      this.#finish(this.sums + 2 * i * size, entries + 2 * (Math.abs(digit) - 1) * size, digit < 0, quotient);
    }
  }

  /** Starts sums that are still at infinity. For the others, stores x(entry) − x(sum) and the running product. */
  #collect(digits: Int32Array, entries: number): number {
    const [ops, started] = [this.#ops, this.#started];
    const [products, denominators] = [this.#products, this.#denominators];
    const { name, field, coordinate: size } = this.#group;
    const [mul, sub] = [ops[`${field}_mul`]!, ops[`${field}_sub`]!];
    let count = 0;
    for (let i = 0; i < digits.length; i += 1) {
      const digit = digits[i]!;
      if (digit === 0) continue;
      const sum = this.sums + 2 * i * size;
      const entry = entries + 2 * (Math.abs(digit) - 1) * size;
      if (started[i] === 0) {
        ops[digit < 0 ? `${name}_negAffine` : `${name}_copyAffine`]!(entry, sum);
        started[i] = 1;
        continue;
      }
      sub(entry, sum, denominators + count * size);
      mul(products + count * size, denominators + count * size, products + (count + 1) * size);
      this.#active[count] = i;
      count += 1;
    }
    return count;
  }

  /** Chord rule: λ = (±y₂ − y₁) / (x₂ − x₁), x₃ = λ² − x₁ − x₂, y₃ = λ(x₁ − x₃) − y₁. */
  #finish(sum: number, entry: number, negative: boolean, quotient: number): void {
    const ops = this.#ops;
    const { field, coordinate: size } = this.#group;
    const [mul, sub] = [ops[`${field}_mul`]!, ops[`${field}_sub`]!];
    const [slope, x] = [quotient + size, quotient + 2 * size];
    if (negative) {
      ops[`${field}_add`]!(entry + size, sum + size, slope);
      ops[`${field}_neg`]!(slope, slope);
    } else {
      sub(entry + size, sum + size, slope);
    }
    mul(slope, quotient, slope);
    ops[`${field}_square`]!(slope, x);
    sub(x, sum, x);
    sub(x, entry, x);
    sub(sum, x, sum);
    mul(slope, sum, slope);
    ops[`${field}_copy`]!(x, sum);
    sub(slope, sum + size, sum + size);
  }
}
