import { ELEMENT_BYTES } from '../field/bn254.ts';
import type { Bn254 } from '../field/bn254-wasm.ts';
import { BatchAddition, G1, type Group } from './batch-addition.ts';

/** Bits of a scalar; one more is needed for the carry of signed digits. */
const SCALAR_BITS = 254;
/** Points per batch: few enough for their affine sums to stay in the processor's cache. */
const BATCH = 2048;
const MAX_WINDOW = 15;

/**
 * Multiplies a group's generator by scalars, with windows of signed digits and a table of precomputed points. The table
 * has windows · 2^(bits − 1) points, and a multiplication takes one addition per window.
 */
export class FixedBase {
  readonly #curve: Bn254;
  readonly #group: Group;
  readonly #bits: number;
  readonly #windows: number;
  readonly #table: number;
  readonly #sums: BatchAddition;
  /** Address of a batch of scalars, converted from Montgomery form. */
  readonly #plain: number;

  /** @param expected number of multiplications to come; decides the size of the table */
  constructor(curve: Bn254, group: Group, expected: number) {
    this.#curve = curve;
    this.#group = group;
    this.#bits = bestWindow(expected);
    this.#windows = windowCount(this.#bits);
    this.#table = buildTable(curve, group, this.#bits);
    this.#sums = new BatchAddition(curve, group, BATCH);
    this.#plain = curve.allocate(BATCH * ELEMENT_BYTES);
  }

  /**
   * scalar · generator for `count` scalars in Montgomery form at `scalars`. Zero gives the point at infinity (all
   * bytes zero).
   *
   * @param out receives affine points in zkey form
   * @param afterBatch called after each batch with its number of points; may yield to the event loop
   */
  async multiply(
    scalars: number,
    count: number,
    out: Uint8Array,
    afterBatch: (points: number) => Promise<void> | void = () => {},
  ): Promise<void> {
    const [curve, sums] = [this.#curve, this.#sums];
    const pointBytes = 2 * this.#group.coordinate;
    for (let start = 0; start < count; start += BATCH) {
      const n = Math.min(BATCH, count - start);
      curve.ops.frm_batchFromMontgomery!(scalars + start * ELEMENT_BYTES, n, this.#plain);
      this.#multiplyBatch(n);
      out.set(curve.bytes(sums.sums, n * pointBytes), start * pointBytes);
      await afterBatch(n);
    }
  }

  #multiplyBatch(n: number): void {
    const [bits, windows, sums] = [this.#bits, this.#windows, this.#sums];
    const digits = signedDigits(this.#curve.words().subarray(this.#plain / 4), n, bits, windows);
    const windowBytes = 2 ** (bits - 1) * 2 * this.#group.coordinate;
    sums.reset();
    for (let w = 0; w < windows; w += 1) {
      sums.add(digits.subarray(w * n, (w + 1) * n), this.#table + w * windowBytes);
    }
    digits.fill(0);
  }
}

function windowCount(bits: number): number {
  return Math.floor(SCALAR_BITS / bits) + 1;
}

/** Balances table and additions: a table entry costs about twice as much as an addition with a shared inversion. */
function bestWindow(count: number): number {
  const cost = (bits: number) => windowCount(bits) * (count + 2 ** bits);
  let best = 2;
  for (let bits = 3; bits <= MAX_WINDOW; bits += 1) if (cost(bits) < cost(best)) best = bits;
  return best;
}

/** Window w holds 1 … 2^(bits − 1) times 2^(bits·w) · generator, affine. */
function buildTable(curve: Bn254, group: Group, bits: number): number {
  const half = 2 ** (bits - 1);
  const [affine, jacobian] = [2 * group.coordinate, 3 * group.coordinate];
  const op = (name: string) => curve.ops[`${group.name}_${name}`]!;
  const [addMixed, toAffine] = [op('addMixed'), op('batchToAffine')];
  const table = curve.allocate(windowCount(bits) * half * affine);
  const mark = curve.mark();
  const base = curve.allocate(affine);
  const multiples = curve.allocate((half + 1) * jacobian);
  curve.reserveScratch(4 * half * group.coordinate);
  op('copyAffine')(group === G1 ? curve.g1 : curve.g2, base);
  for (let w = 0; w < windowCount(bits); w += 1) {
    op('toJacobian')(base, multiples);
    for (let k = 1; k < half; k += 1)
      addMixed(multiples + (k - 1) * jacobian, base, multiples + k * jacobian);
    // The last multiple is half a window. Doubled, it is the base of the next window.
    op('double')(multiples + (half - 1) * jacobian, multiples + half * jacobian);
    op('batchToAffine')(multiples + half * jacobian, 1, base);
    toAffine(multiples, half, table + w * half * affine);
  }
  curve.release(mark);
  return table;
}

/**
 * Digits in −2^(bits − 1) < d ≤ 2^(bits − 1), window by window: window w of scalar i is at w · n + i.
 *
 * The lower windows together are then always smaller than one unit of the next window. So, as integers, a sum never
 * equals the table entry added to it, or its negative. Modulo r this happens only for scalars within one unit of r's own
 * digits: one in 2^240.
 */
function signedDigits(words: Uint32Array, n: number, bits: number, windows: number): Int32Array {
  const digits = new Int32Array(windows * n);
  const [half, full] = [2 ** (bits - 1), 2 ** bits];
  for (let i = 0; i < n; i += 1) {
    let carry = 0;
    for (let w = 0; w < windows; w += 1) {
      let digit = bitField(words, 8 * i, w * bits, bits) + carry;
      carry = digit > half ? 1 : 0;
      if (carry) digit -= full;
      digits[w * n + i] = digit;
    }
  }
  return digits;
}

/** `bits` bits of the 256-bit number at word `at`, starting at bit `from`. Bits beyond the number are zero. */
function bitField(words: Uint32Array, at: number, from: number, bits: number): number {
  const word = from >>> 5;
  const shift = from & 31;
  let field = word < 8 ? words[at + word]! >>> shift : 0;
  if (shift + bits > 32 && word < 7) field |= words[at + word + 1]! << (32 - shift);
  return field & (2 ** bits - 1);
}
