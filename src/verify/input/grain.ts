/** Parameters that seed the generator. */
export interface GrainSeed {
  readonly width: number;
  readonly fullRounds: number;
  readonly partialRounds: number;
}

const FIELD_BITS = 254;
/** Bits that the register gives at a time: its nearest tap is 18 bits away. */
const STEP = 16;
const MASK = 0xffff;
/** First outputs, which are dropped. */
const WARM_UP = 160;

/** For each byte of output: how many bits count (times 16), and these bits. */
const COUNTED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let [count, bits] = [0, 0];
  for (let shift = 6; shift >= 0; shift -= 2) {
    const pair = (byte >>> shift) & 3;
    if (pair >= 2) [count, bits] = [count + 1, 2 * bits + (pair & 1)];
  }
  return 16 * count + bits;
});

/**
 * The Grain LFSR of Poseidon's authors (generate_parameters_grain.sage): an 80-bit register with taps at 62, 51, 38, 23,
 * 13 and 0, of whose output pairs the second bit counts where the first is 1. It computes 16 bits at a time: the
 * constants of the widest permutation take 1.7 million of them.
 */
export class Grain {
  /** The 80 bits in five words, the oldest first; of a word, the most significant first. */
  #words: [number, number, number, number, number];
  /** Bits that count and were not taken yet. */
  #bits = 0;
  #left = 0;

  constructor({ width, fullRounds, partialRounds }: GrainSeed) {
    // Field: prime; S-box: x^α; the sizes; then ones.
    const seed = [field(1, 2), field(0, 4), field(FIELD_BITS, 12), field(width, 12)].join('');
    const bits = (seed + field(fullRounds, 10) + field(partialRounds, 10)).padEnd(80, '1');
    const word = (i: number) => Number.parseInt(bits.slice(i * STEP, (i + 1) * STEP), 2);
    this.#words = [word(0), word(1), word(2), word(3), word(4)];
    for (let i = 0; i < WARM_UP; i += STEP) this.#step();
  }

  /** A field element: the next number of 254 bits below `order`; without `order`, the next, which may be above. */
  next(order?: bigint): bigint {
    for (;;) {
      // 254 bits are 14 and then 15 times 16.
      let hex = this.#take(14).toString(16);
      for (let i = 0; i < 15; i += 1) hex += this.#take(16).toString(16).padStart(4, '0');
      const number = BigInt(`0x${hex}`);
      if (order === undefined || number < order) return number;
    }
  }

  /** @param count at most 16 */
  #take(count: number): number {
    while (this.#left < count) {
      const output = this.#step();
      for (const byte of [output >>> 8, output & 0xff]) {
        const counted = COUNTED[byte] as number;
        const more = counted >>> 4;
        this.#bits = (this.#bits << more) | (counted & 15);
        this.#left += more;
      }
    }
    this.#left -= count;
    const taken = this.#bits >>> this.#left;
    this.#bits &= (1 << this.#left) - 1;
    return taken;
  }

  /** Shifts the register by 16 bits. @returns the new ones: each tap is read from the two words that it lies in */
  #step(): number {
    const [a, b, c, d, e] = this.#words;
    const at62 = (d << 14) | (e >>> 2);
    const at51 = (d << 3) | (e >>> 13);
    const at38 = (c << 6) | (d >>> 10);
    const at23 = (b << 7) | (c >>> 9);
    const at13 = (a << 13) | (b >>> 3);
    const output = (at62 ^ at51 ^ at38 ^ at23 ^ at13 ^ a) & MASK;
    this.#words = [b, c, d, e, output];
    return output;
  }
}

function field(value: number, bits: number): string {
  return value.toString(2).padStart(bits, '0');
}
