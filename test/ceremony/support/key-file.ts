import { bn254 } from '@noble/curves/bn254.js';
import {
  BASE_FIELD,
  fromMontgomery,
  readElement,
  toMontgomery,
  writeElement,
} from '../../../src/field/bn254.ts';

/** The sections of a key file, to be changed and put together again. */
export class KeyFile {
  readonly #sections: Array<readonly [id: number, content: Uint8Array]> = [];
  readonly #head: Uint8Array;

  constructor(file: Uint8Array) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    this.#head = file.slice(0, 12);
    for (let at = 12; at < file.length; ) {
      const [id, length] = [view.getUint32(at, true), Number(view.getBigUint64(at + 4, true))];
      this.#sections.push([id, file.slice(at + 12, at + 12 + length)]);
      at += 12 + length;
    }
  }

  /** A section's content, which can be written to. */
  section(id: number): Uint8Array {
    return this.#sections.find(([found]) => found === id)![1];
  }

  replace(id: number, content: Uint8Array): void {
    const index = this.#sections.findIndex(([found]) => found === id);
    this.#sections[index] = [id, content];
  }

  bytes(): Uint8Array {
    const parts: Uint8Array[] = [this.#head];
    for (const [id, content] of this.#sections) {
      const head = new DataView(new ArrayBuffer(12));
      head.setUint32(0, id, true);
      head.setBigUint64(4, BigInt(content.length), true);
      parts.push(new Uint8Array(head.buffer), content);
    }
    return new Uint8Array(Buffer.concat(parts));
  }
}

/** A multiple of a point of G1 in zkey form. */
export function timesG1(point: Uint8Array, factor: bigint): Uint8Array {
  if (point.every((byte) => byte === 0)) return point.slice();
  const [x, y] = [0, 32].map((at) => fromMontgomery(readElement(point, at))) as [bigint, bigint];
  const product = bn254.G1.Point.fromAffine({ x, y }).multiply(factor).toAffine();
  return encoded([product.x, product.y]);
}

/** A multiple of the generator of G2 in zkey form. */
export function generatorOfG2(factor: bigint): Uint8Array {
  const { x, y } = bn254.G2.Point.BASE.multiply(factor).toAffine();
  return encoded([x.c0, x.c1, y.c0, y.c1]);
}

function encoded(coordinates: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(32 * coordinates.length);
  for (const [i, value] of coordinates.entries()) writeElement(bytes, 32 * i, toMontgomery(value));
  return bytes;
}

/** Adds the modulus to a coordinate, which then stands for the same number. */
export function addModulus(bytes: Uint8Array, at: number, modulus = BASE_FIELD): void {
  writeElement(bytes, at, readElement(bytes, at) + modulus);
}
