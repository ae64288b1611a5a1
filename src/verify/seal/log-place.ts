import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { matching, type Reader } from '../json/read-json.ts';

/** Where an entry is: no other entry of any log has the same place. */
export interface LogPlace {
  /** Names the log, as its checkpoints do. */
  readonly origin: string;
  /** 0 for the first entry. */
  readonly index: number;
}

/** Names of logs are also names of their keys: no spaces, plus signs or control characters. */
export const origin: Reader<string> = matching(
  /^[^\s+\p{Cc}]{1,255}$/u,
  'the origin of a log: 1 to 255 characters without spaces and plus signs',
);

/** Length of the origin in UTF-8 (two bytes), the origin, and the index (eight bytes), big-endian. */
export function placeBytes({ origin: name, index }: LogPlace): Uint8Array {
  const bytes = utf8ToBytes(name);
  if (bytes.length > 0xffff) throw new RangeError('the origin of a log is too long');
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`${index} is no index of a log`);
  const numbers = new DataView(new ArrayBuffer(10));
  numbers.setUint16(0, bytes.length);
  numbers.setBigUint64(2, BigInt(index));
  const all = new Uint8Array(numbers.buffer);
  return concatBytes(all.subarray(0, 2), bytes, all.subarray(2));
}
