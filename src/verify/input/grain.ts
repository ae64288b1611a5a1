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

/**
 * The Grain LFSR of Poseidon's authors (generate_parameters_grain.sage): an 80-bit register with taps at 62, 51, 38, 23,
 * 13 and 0, of whose output pairs the second bit counts where the first is 1. It computes 16 bits at a time: the
 * constants of the widest permutation take 1.7 million of them.
 */
export class Grain {
  /** The 80 bits, the oldest first; of a word, the most significant first. */
  readonly #words = new Uint16Array(5);
  #bits = 0;
  #left = 0;

  constructor({ width, fullRounds, partialRounds }: GrainSeed) {
    // Field: prime; S-box: x^α; the sizes; then ones.
    const seed = [field(1, 2), field(0, 4), field(FIELD_BITS, 12), field(width, 12)].join('');
    const bits = (seed + field(fullRounds, 10) + field(partialRounds, 10)).padEnd(80, '1');
    for (let i = 0; i < 5; i += 1) this.#words[i] = Number.parseInt(bits.slice(i * STEP, (i + 1) * STEP), 2);
    for (let i = 0; i < WARM_UP; i += STEP) this.#step();
    this.#left = 0;
  }

  /** A field element: the next number of 254 bits below `order`; without `order`, the next, which may be above. */
  next(order?: bigint): bigint {
    for (;;) {
      let hex = '';
      // 254 bits are 2 and then 63 times 4.
      for (let digit = 0, bits = 2; digit < 64; digit += 1, bits = 4) {
        let value = 0;
        for (let i = 0; i < bits; i += 1) value = 2 * value + this.#bit();
        hex += value.toString(16);
      }
      const number = BigInt(`0x${hex}`);
      if (order === undefined || number < order) return number;
    }
  }

  #bit(): number {
    for (;;) {
      if (this.#left === 0) this.#step();
      this.#left -= 2;
      const pair = (this.#bits >>> this.#left) & 3;
      if (pair >= 2) return pair & 1;
    }
  }

  /** Shifts the register by 16 bits. */
  #step(): void {
    const words = this.#words;
    const at = (bit: number) => {
      const [word, shift] = [bit >> 4, bit & 15];
      return ((((words[word] as number) << STEP) | (words[word + 1] as number)) >>> (STEP - shift)) & MASK;
    };
    this.#bits = at(62) ^ at(51) ^ at(38) ^ at(23) ^ at(13) ^ at(0);
    this.#left = STEP;
    words.copyWithin(0, 1);
    words[4] = this.#bits;
  }
}

function field(value: number, bits: number): string {
  return value.toString(2).padStart(bits, '0');
}
