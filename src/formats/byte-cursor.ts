import { QuietproofError } from '../errors/quietproof-error.ts';
import type { ErrorCode } from '../errors/registry.ts';

/** How an unreadable file is reported. */
export interface FileContext {
  readonly code: ErrorCode;
  /** The file's name for the user. */
  readonly file: string;
  readonly fix: string;
}

export function refuseFile(context: FileContext, what: string): never {
  throw new QuietproofError(context.code, { what, where: context.file, fix: context.fix });
}

/** Reads little-endian numbers in sequence, and refuses to read past the end. */
export class ByteCursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  position = 0;
  readonly #context: FileContext;

  constructor(bytes: Uint8Array, context: FileContext) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#context = context;
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  refuse(what: string): never {
    refuseFile(this.#context, what);
  }

  u8(): number {
    return this.view.getUint8(this.#advance(1));
  }

  u32(): number {
    return this.view.getUint32(this.#advance(4), true);
  }

  /** A 64-bit count or length. Refuses values above the safe integers, which no real file has. */
  u64(): number {
    const value = this.view.getBigUint64(this.#advance(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.refuse(`a length of ${value} is impossible`);
    return Number(value);
  }

  /** A view (not a copy) of the next `length` bytes. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.bytes.subarray(start, start + length);
  }

  /** Refuses trailing bytes. */
  end(): void {
    if (this.remaining !== 0) this.refuse(`${this.remaining} bytes are left over at the end`);
  }

  #advance(length: number): number {
    const start = this.position;
    if (length > this.remaining) {
      this.refuse(`the file ends early: ${length} bytes expected, ${this.remaining} left`);
    }
    this.position = start + length;
    return start;
  }
}
