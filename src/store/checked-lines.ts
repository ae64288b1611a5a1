import { crc32 } from 'node:zlib';

/** Where a line is in its file, in bytes, its newline included. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

const CHECKSUM_DIGITS = 8;
const NEWLINE = 0x0a;

/** A line of text: the checksum of the rest, and JSON. */
export function checkedLine(json: unknown): string {
  const text = JSON.stringify(json);
  return `${crc32(text).toString(16).padStart(CHECKSUM_DIGITS, '0')} ${text}\n`;
}

/** @returns undefined for a line that is torn or damaged */
export function readCheckedLine(line: Buffer): unknown {
  const checksum = line.toString('latin1', 0, CHECKSUM_DIGITS + 1);
  if (!/^[0-9a-f]{8} $/.test(checksum)) return undefined;
  const text = line.subarray(CHECKSUM_DIGITS + 1);
  if (crc32(text) !== Number.parseInt(checksum, 16)) return undefined;
  return JSON.parse(text.toString());
}

/** The lines of a file. One without its newline is torn whatever it holds, and comes empty. */
export function* splitLines(content: Buffer): Generator<Extent & { readonly line: Buffer }> {
  for (let offset = 0; offset < content.length; ) {
    const end = content.indexOf(NEWLINE, offset);
    const length = (end === -1 ? content.length : end + 1) - offset;
    yield { line: end === -1 ? Buffer.alloc(0) : content.subarray(offset, end), offset, length };
    offset += length;
  }
}
