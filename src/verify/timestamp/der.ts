import { Refusal } from '../refusal.ts';

/** Tags of the types that timestamps and certificates use. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A context tag with a number: of a primitive value, or of a constructed one. */
export const primitive = (number: number): number => 0x80 | number;
export const constructed = (number: number): number => 0xa0 | number;

/** One value in DER: a tag, and its content. */
export interface Der {
  readonly tag: number;
  readonly content: Uint8Array;
  /** With tag and length: what is signed, hashed or compared. */
  readonly whole: Uint8Array;
}

/** Reads values one after another. Whatever is not in the one form that DER allows is refused (QP7712). */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The next value. */
  any(): Der {
    const start = this.#at;
    const tag = this.#byte();
    // Tags above 30 take more bytes; nothing here has one.
    if ((tag & 0x1f) === 0x1f || tag === 0) return notDer('a tag that is not known');
    const length = this.#length();
    const from = this.#at;
    if (length > this.#bytes.length - from) return notDer('a value that is cut off');
    this.#at = from + length;
    return {
      tag,
      content: this.#bytes.subarray(from, this.#at),
      whole: this.#bytes.subarray(start, this.#at),
    };
  }

  /** The next value, which has this tag. */
  take(tag: number): Der {
    const found = this.any();
    return found.tag === tag ? found : notDer(`tag ${found.tag} where ${tag} belongs`);
  }

  /** The tag of the next value. */
  peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** The next value if it has this tag. */
  optional(tag: number): Der | undefined {
    return this.peek() === tag ? this.any() : undefined;
  }

  /** The values in the next one, which has this tag. */
  inside(tag: number): DerReader {
    return new DerReader(this.take(tag).content);
  }

  /** All that are left, one after another. */
  rest(): Der[] {
    const found: Der[] = [];
    while (!this.isAtEnd) found.push(this.any());
    return found;
  }

  end(): void {
    if (!this.isAtEnd) notDer('more than belongs there');
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    this.#at += 1;
    return byte ?? notDer('a value that is cut off');
  }

  /** In as few bytes as it needs. */
  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 3) return notDer('a length that is not definite, or too large');
    let length = 0;
    for (let i = 0; i < count; i += 1) length = length * 256 + this.#byte();
    return length < 0x80 || length < 256 ** (count - 1) ? notDer('a length with too many bytes') : length;
  }
}

/** The only value of some bytes. */
export function onlyDer(bytes: Uint8Array, tag: number): Der {
  const reader = new DerReader(bytes);
  const found = reader.take(tag);
  reader.end();
  return found;
}

export function notDer(what: string): never {
  throw new Refusal('QP7712', { what: `The timestamp or certificate has ${what}` });
}
