type Numbers = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** Numbers in one array, which grows: of 4 bytes each below 2^32, or, with `Float64Array`, of 8 as JavaScript has them. */
export class NumberList {
  readonly #make: (length: number) => Numbers;
  #numbers: Numbers;
  #length = 0;

  constructor(kind: typeof Uint32Array | typeof Float64Array = Uint32Array) {
    this.#make = (length) => new kind(length);
    this.#numbers = this.#make(1 << 10);
  }

  get length(): number {
    return this.#length;
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const numbers = this.#make(this.#length * 2);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
    }
    this.#numbers[this.#length] = number;
    this.#length += 1;
  }

  at(index: number): number {
    return this.#numbers[index]!;
  }

  set(index: number, number: number): void {
    this.#numbers[index] = number;
  }
}
