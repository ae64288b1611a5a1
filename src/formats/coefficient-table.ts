import { ELEMENT_BYTES } from '../field/bn254.ts';

const WORDS = ELEMENT_BYTES / 4;

/**
 * Assigns an index to every distinct 32-byte value. A circuit has millions of coefficients but few distinct ones, so
 * they are stored as 32-bit indices. The hash table uses open addressing, at most half full.
 */
export class CoefficientTable {
  #words = new Uint32Array(WORDS * 256);
  #slots = new Int32Array(1024).fill(-1);
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** The index of the value at `offset`. Indices are assigned in order of first appearance. */
  intern(view: DataView, offset: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(view, offset) & mask;
    for (let index = this.#slots[slot]!; index >= 0; index = this.#slots[slot]!) {
      if (this.#equals(index, view, offset)) return index;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = this.#count;
    return this.#append(view, offset);
  }

  /** All values concatenated, 32 little-endian bytes each. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.#count * ELEMENT_BYTES);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < this.#count * WORDS; i += 1) view.setUint32(4 * i, this.#words[i]!, true);
    return bytes;
  }

  #equals(index: number, view: DataView, offset: number): boolean {
    const start = index * WORDS;
    for (let i = 0; i < WORDS; i += 1) {
      if (this.#words[start + i] !== view.getUint32(offset + 4 * i, true)) return false;
    }
    return true;
  }

  #append(view: DataView, offset: number): number {
    const index = this.#count;
    this.#count += 1;
    if (this.#count * WORDS > this.#words.length) {
      const grown = new Uint32Array(this.#words.length * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    for (let i = 0; i < WORDS; i += 1) this.#words[index * WORDS + i] = view.getUint32(offset + 4 * i, true);
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return index;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    const view = new DataView(this.toBytes().buffer);
    for (let index = 0; index < this.#count; index += 1) {
      let slot = hash(view, index * ELEMENT_BYTES) & mask;
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index;
    }
  }
}

/** Multiplies and rotates the eight words, with constants of MurmurHash3. Only an even spread matters. */
function hash(view: DataView, offset: number): number {
  let h = 0;
  for (let i = 0; i < WORDS; i += 1) {
    h = Math.imul(h ^ view.getUint32(offset + 4 * i, true), 0xcc9e2d51);
    h = (h << 15) | (h >>> 17);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
