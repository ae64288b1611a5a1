import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { KeptExchange } from './kept-exchange.ts';

/** Where an exchange is on disk. */
export interface ExchangePlace {
  readonly id: string;
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** Lengths of the whole and of its JSON, and the checksum of what follows. */
const HEAD_BYTES = 12;
/** Only the owner may read what was asked. */
const PRIVATE = 0o600;

/** A file of exchanges that only grows. Written and read at once: what is written survives the end of this process. */
export class ExchangeFile {
  readonly file: string;
  readonly #descriptor: number;
  #size = 0;

  /** @throws system errors */
  constructor(file: string) {
    this.file = file;
    this.#descriptor = openSync(file, 'ax', PRIVATE);
  }

  get size(): number {
    return this.#size;
  }

  /** @throws system errors, after which nothing must be written behind it */
  write(exchange: KeptExchange): ExchangePlace {
    const bytes = frameOf(exchange);
    const offset = this.#size;
    for (let written = 0; written < bytes.length; )
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written);
    this.#size += bytes.length;
    return { id: exchange.id, file: this.file, offset, length: bytes.length };
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function frameOf({ request, response, ...own }: KeptExchange): Buffer {
  const sizes = [request.body.length, response.body.length];
  const about = {
    ...own,
    sizes,
    request: { headers: request.headers },
    response: { ...response, body: undefined },
  };
  const json = Buffer.from(JSON.stringify(about));
  const rest = Buffer.concat([json, request.body, response.body]);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(HEAD_BYTES + rest.length, 0);
  head.writeUInt32BE(json.length, 4);
  head.writeUInt32BE(crc32(rest), 8);
  return Buffer.concat([head, rest]);
}

/** @returns undefined for what is torn or damaged */
export function readFrame(
  bytes: Buffer,
): { readonly exchange: KeptExchange; readonly length: number } | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const length = bytes.readUInt32BE(0);
  const jsonEnd = HEAD_BYTES + bytes.readUInt32BE(4);
  if (length > bytes.length || jsonEnd > length) return undefined;
  if (crc32(bytes.subarray(HEAD_BYTES, length)) !== bytes.readUInt32BE(8)) return undefined;
  const { sizes, request, response, ...own } = JSON.parse(bytes.toString('utf8', HEAD_BYTES, jsonEnd));
  const requestEnd = jsonEnd + sizes[0];
  const exchange = {
    ...own,
    request: { ...request, body: bytes.subarray(jsonEnd, requestEnd) },
    response: { ...response, body: bytes.subarray(requestEnd, length) },
  };
  return { exchange, length };
}

/** Reads one exchange again. @returns undefined if it cannot be read any more */
export function readExchange({ file, offset, length }: ExchangePlace): KeptExchange | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(length);
    readSync(descriptor, bytes, 0, length, offset);
    return readFrame(bytes)?.exchange;
  } finally {
    closeSync(descriptor);
  }
}
