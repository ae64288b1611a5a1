export const BLOCK = 512;

/** The header of an entry (POSIX ustar, with GNU's numbers in base 256). */
export interface TarHeader {
  readonly path: string;
  readonly size: number;
  /** A letter: `0` for a file, `5` for a folder, `L` and `x` for what belongs to the next entry. */
  readonly type: string;
}

/** @returns undefined for a block of zeros, the end of an archive; @throws Error if it is no header */
export function readTarHeader(block: Buffer): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (number(block, 148, 8) !== checksum(block)) throw new Error('a header is damaged');
  const isUstar = block.toString('latin1', 257, 262) === 'ustar';
  const isPosix = isUstar && block[262] === 0;
  const prefix = isPosix ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  const type = String.fromCharCode(block[156] || 0x30);
  return { path: prefix === '' ? name : `${prefix}/${name}`, size: number(block, 124, 12), type };
}

/** Spaces stand where the checksum itself is. */
function checksum(block: Buffer): number {
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= 148 && at < 156 ? 0x20 : block[at]!;
  return sum;
}

function number(block: Buffer, at: number, length: number): number {
  if ((block[at]! & 0x80) !== 0) {
    const size = block.readUIntBE(at + length - 6, 6);
    const isSmall = block.subarray(at + 1, at + length - 6).every((byte) => byte === 0) && block[at] === 0x80;
    if (isSmall) return size;
    throw new Error('a header states a size that no file has');
  }
  const digits = block
    .toString('latin1', at, at + length)
    .replace(/[\0 ]+$/, '')
    .trimStart();
  if (!/^[0-7]*$/.test(digits)) throw new Error('a header is damaged');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function text(block: Buffer, at: number, length: number): string {
  const bytes = block.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? length : end);
}

/** The records `length key=value\n` of an extended header. @throws Error */
export function readPax(content: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const digits = space === -1 ? '' : content.toString('latin1', at, space);
    const end = at + Number(digits);
    const record = content.toString('utf8', space + 1, end - 1);
    const equals = record.indexOf('=');
    if (!/^[1-9]\d{0,7}$/.test(digits) || end > content.length || equals < 1 || content[end - 1] !== 0x0a) {
      throw new Error('an extended header is damaged');
    }
    found.set(record.slice(0, equals), record.slice(equals + 1));
    at = end;
  }
  return found;
}
