import { NumberList } from './number-list.ts';

const FIRST_BYTES = 1 << 14;

/** Texts by their number, in their bytes as UTF-8 and 4 more each. */
export class TextList {
  #bytes = Buffer.alloc(FIRST_BYTES);
  #end = 0;
  readonly #ends = new NumberList();

  get length(): number {
    return this.#ends.length;
  }

  push(text: string): void {
    const size = Buffer.byteLength(text);
    while (this.#end + size > this.#bytes.length) {
      const bytes = Buffer.alloc(this.#bytes.length * 2);
      this.#bytes.copy(bytes);
      this.#bytes = bytes;
    }
    this.#end += this.#bytes.write(text, this.#end);
    this.#ends.push(this.#end);
  }

  at(number: number): string {
    const start = number === 0 ? 0 : this.#ends.at(number - 1);
    return this.#bytes.toString('utf8', start, this.#ends.at(number));
  }
}
