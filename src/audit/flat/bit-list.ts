/** A set of numbers in as many bits as the largest of them. */
export class BitList {
  #bytes = new Uint8Array(128);
  #count = 0;

  /** How many numbers are in it. */
  get count(): number {
    return this.#count;
  }

  has(number: number): boolean {
    return ((this.#bytes[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }

  /** @returns whether it was not in it */
  add(number: number): boolean {
    if (this.has(number)) return false;
    const byte = number >> 3;
    if (byte >= this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(this.#bytes.length * 2, byte + 1));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    this.#bytes[byte]! |= 1 << (number & 7);
    this.#count += 1;
    return true;
  }
}
