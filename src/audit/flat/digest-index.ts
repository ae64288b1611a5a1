const BYTES = 32;
const FIRST_CAPACITY = 1 << 10;
/** Entries per slot of the table at most: 1/2. */
const SPARE = 2;
const FREE = 0xffff_ffff;

/** Numbers digests of 32 bytes in the order in which they come, in about 45 bytes each. */
export class DigestIndex {
  #digests = Buffer.alloc(FIRST_CAPACITY * BYTES);
  #table = new Uint32Array(FIRST_CAPACITY * SPARE).fill(FREE);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param digest 64 hex digits. @returns its number, and whether it is new */
  add(digest: string): { readonly number: number; readonly isNew: boolean } {
    const slot = this.#slotFor(digest);
    const known = this.#table[slot]!;
    if (known !== FREE) return { number: known, isNew: false };
    this.#table[slot] = this.#size;
    this.#size += 1;
    return { number: this.#size - 1, isNew: true };
  }

  /** @param digest 64 hex digits. @returns its number; undefined if it was not added */
  find(digest: string): number | undefined {
    const known = this.#table[this.#slotFor(digest)]!;
    return known === FREE ? undefined : known;
  }

  /** The 32 bytes of a digest; valid until the next is added. */
  at(number: number): Uint8Array {
    return this.#digests.subarray(number * BYTES, (number + 1) * BYTES);
  }

  /** Writes the digest behind the last, where the next one would be. */
  #slotFor(digest: string): number {
    if (this.#size * SPARE >= this.#table.length) this.#grow();
    const at = this.#size * BYTES;
    this.#digests.write(digest, at, BYTES, 'hex');
    return this.#slotOf(at);
  }

  /** Of the digest at this place: where it is in the table, or would be. Equal ones are compared in full. */
  #slotOf(at: number): number {
    const mask = this.#table.length - 1;
    for (let slot = this.#digests.readUInt32LE(at) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#table[slot]!;
      if (number === FREE) return slot;
      const start = number * BYTES;
      if (start === at || this.#digests.compare(this.#digests, start, start + BYTES, at, at + BYTES) === 0) {
        return slot;
      }
    }
  }

  #grow(): void {
    const digests = Buffer.alloc(this.#digests.length * 2);
    this.#digests.copy(digests);
    this.#digests = digests;
    this.#table = new Uint32Array(this.#table.length * 2).fill(FREE);
    for (let number = 0; number < this.#size; number += 1) {
      this.#table[this.#slotOf(number * BYTES)] = number;
    }
  }
}
