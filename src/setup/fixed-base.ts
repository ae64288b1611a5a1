import { ELEMENT_BYTES } from '../field/bn254.ts';
import type { Bn254 } from '../field/bn254-wasm.ts';
import { BatchAddition, G1, type Group } from './batch-addition.ts';

/** Bits of a scalar; one more is needed for the carry of signed digits. */
const SCALAR_BITS = 254;
/** Points worked on together: their affine sums stay in the processor's cache. */
const BATCH = 2048;
const MAX_WINDOW = 15;

/**
 * Multiples of a group's generator: signed digits in windows over a table of precomputed points.
 * With a table of windows · 2^(bits − 1) points, a multiplication is one addition a window.
 */
export class FixedBase {
  private readonly curve: Bn254;
  private readonly group: Group;
  private readonly bits: number;
  private readonly windows: number;
  private readonly table: number;
  private readonly sums: BatchAddition;
  /** A batch of scalars out of Montgomery form. */
  private readonly plain: number;

  /** @param expected how many multiplications will be asked for; decides the size of the table */
  constructor(curve: Bn254, group: Group, expected: number) {
    this.curve = curve;
    this.group = group;
    this.bits = bestWindow(expected);
    this.windows = windowCount(this.bits);
    this.table = buildTable(curve, group, this.bits);
    this.sums = new BatchAddition(curve, group, BATCH);
    this.plain = curve.allocate(BATCH * ELEMENT_BYTES);
  }

  /**
   * scalar · generator for `count` scalars in Montgomery form at `scalars`. Zero gives the point at infinity (all
   * zero bytes).
   *
   * @param out receives affine points in zkey form
   * @param afterBatch called between batches with the points done; may yield to the event loop
   */
  async multiply(
    scalars: number,
    count: number,
    out: Uint8Array,
    afterBatch: (points: number) => Promise<void> | void = () => {},
  ): Promise<void> {
    const { curve, sums } = this;
    const pointBytes = 2 * this.group.coordinate;
    for (let start = 0; start < count; start += BATCH) {
      const n = Math.min(BATCH, count - start);
      curve.ops.frm_batchFromMontgomery!(scalars + start * ELEMENT_BYTES, n, this.plain);
      this.multiplyBatch(n);
      out.set(curve.bytes(sums.sums, n * pointBytes), start * pointBytes);
      await afterBatch(n);
    }
  }

  private multiplyBatch(n: number): void {
    const { curve, bits, windows, sums } = this;
    const digits = signedDigits(curve.words().subarray(this.plain / 4), n, bits, windows);
    const windowBytes = 2 ** (bits - 1) * 2 * this.group.coordinate;
    sums.reset();
    for (let w = 0; w < windows; w++) {
      sums.add(digits.subarray(w * n, (w + 1) * n), this.table + w * windowBytes);
    }
    digits.fill(0);
  }
}

function windowCount(bits: number): number {
  return Math.floor(SCALAR_BITS / bits) + 1;
}

/** Table and additions balanced: an entry costs about twice what an addition with shared inversion does. */
function bestWindow(count: number): number {
  const cost = (bits: number) => windowCount(bits) * (count + 2 ** bits);
  let best = 2;
  for (let bits = 3; bits <= MAX_WINDOW; bits++) if (cost(bits) < cost(best)) best = bits;
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
  for (let w = 0; w < windowCount(bits); w++) {
    op('toJacobian')(base, multiples);
    for (let k = 1; k < half; k++) addMixed(multiples + (k - 1) * jacobian, base, multiples + k * jacobian);
    // The last multiple is half a window: doubled, it is the next window's base.
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
 * What the windows below hold is then always less than one unit of a window, so a sum never meets its own table entry
 * or its opposite, as integers; modulo r only for scalars within one unit of r's own digits, one in 2^240.
 */
function signedDigits(words: Uint32Array, n: number, bits: number, windows: number): Int32Array {
  const digits = new Int32Array(windows * n);
  const [half, full] = [2 ** (bits - 1), 2 ** bits];
  for (let i = 0; i < n; i++) {
    let carry = 0;
    for (let w = 0; w < windows; w++) {
      let digit = bitField(words, 8 * i, w * bits, bits) + carry;
      carry = digit > half ? 1 : 0;
      if (carry) digit -= full;
      digits[w * n + i] = digit;
    }
  }
  return digits;
}

/** `bits` bits of the 256-bit number at word `at`, from bit `from` on; bits beyond the number are zero. */
function bitField(words: Uint32Array, at: number, from: number, bits: number): number {
  const word = from >>> 5;
  const shift = from & 31;
  let field = word < 8 ? words[at + word]! >>> shift : 0;
  if (shift + bits > 32 && word < 7) field |= words[at + word + 1]! << (32 - shift);
  return field & (2 ** bits - 1);
}
