import { type Der, type DerReader, notDer, TAG } from './der.ts';

export function integerOf({ content }: Der): bigint {
  const [first, second = 0] = content;
  if (first === undefined) return notDer('an empty integer');
  const isPadded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
  if (isPadded && content.length > 1) return notDer('an integer with too many bytes');
  const value = unsigned(content);
  return first < 0x80 ? value : value - (1n << BigInt(8 * content.length));
}

/** Of a big-endian number. */
export function unsigned(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

/** An integer from 0 up that a number holds. */
export function countOf(der: Der): number {
  const value = integerOf(der);
  return value >= 0n && value <= 0xffffffffn ? Number(value) : notDer('an integer out of bounds');
}

export function booleanOf({ content }: Der): boolean {
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) return notDer('no boolean');
  return content[0] === 0xff;
}

/** In dotted form. */
export function oidOf({ content }: Der): string {
  const parts: bigint[] = [];
  let value = 0n;
  let isStart = true;
  for (const byte of content) {
    if (isStart && byte === 0x80) return notDer('an object identifier with too many bytes');
    value = (value << 7n) | BigInt(byte & 0x7f);
    isStart = byte < 0x80;
    if (isStart) {
      parts.push(value);
      value = 0n;
    }
  }
  const [first] = parts;
  if (first === undefined || !isStart || content.length > 64) return notDer('no object identifier');
  const top = first < 80n ? first / 40n : 2n;
  return [top, first - top * 40n, ...parts.slice(1)].join('.');
}

/** Bytes of a bit string that has whole bytes. */
export function bytesOfBits({ content }: Der): Uint8Array {
  return content[0] === 0 ? content.subarray(1) : notDer('bits that are no bytes');
}

/** The numbers of the bits that are set, of at most 16. */
export function namedBits({ content }: Der): Set<number> {
  const [unused = 8, ...bytes] = content;
  const isLast = ((bytes.at(-1) ?? 0) & ((2 << unused) - 1)) === 1 << unused;
  const isNamed = bytes.length === 0 ? unused === 0 : isLast;
  if (unused > 7 || bytes.length > 2 || !isNamed) return notDer('no named bits');
  const set = new Set<number>();
  for (const [at, byte] of bytes.entries()) {
    for (let bit = 0; bit < 8; bit += 1) if (byte & (0x80 >> bit)) set.add(8 * at + bit);
  }
  return set;
}

/** Milliseconds since 1970, rounded down. */
export function timeOfDer({ tag, content }: Der): number {
  const text = String.fromCharCode(...content);
  const form =
    tag === TAG.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)()Z$/
      : tag === TAG.generalizedTime
        ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,8}[1-9]))?Z$/
        : undefined;
  const [, year = '', month, day, hour, minute, second, fraction = ''] =
    form?.exec(text) ?? notDer('no time');
  const century = tag === TAG.utcTime ? (year < '50' ? '20' : '19') : '';
  const iso = `${century}${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const at = Date.parse(iso);
  // JavaScript moves 30 February to March.
  if (Number.isNaN(at) || new Date(at).toISOString() !== iso) return notDer('no time');
  return at + Number(fraction.padEnd(3, '0').slice(0, 3));
}

/** An algorithm with its parameters, if it has some. */
export interface Algorithm {
  readonly oid: string;
  readonly parameters: Der | undefined;
}

export function algorithmOf(reader: DerReader): Algorithm {
  const inside = reader.inside(TAG.sequence);
  const oid = oidOf(inside.take(TAG.oid));
  const parameters = inside.isAtEnd ? undefined : inside.any();
  inside.end();
  return { oid, parameters };
}

/** Whether an algorithm has no parameters, which some write as NULL. */
export function isPlain({ parameters }: Algorithm): boolean {
  return parameters === undefined || (parameters.tag === TAG.null && parameters.content.length === 0);
}
