import type { Choices } from './random.ts';

type Change = (bytes: Buffer, at: number, choices: Choices) => Buffer;

const AWKWARD = [0, 1, 2, 0x7f, 0xff, 2 ** 16, 2 ** 24, 2 ** 31, 2 ** 32 - 1];

const splice = (bytes: Buffer, at: number, drop: number, insert: Buffer) =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + drop)]);

/** What happens to files: bits, ends, missing and repeated parts, counts. */
export const BYTE_CHANGES: Readonly<Record<string, Change>> = {
  'flipped bit': (bytes, at, choices) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[at]! ^= 1 << choices.below(8);
    return changed;
  },
  truncated: (bytes, at) => bytes.subarray(0, at),
  'bytes inserted': (bytes, at, choices) => {
    const inserted = Array.from({ length: 1 + choices.below(8) }, () => choices.below(256));
    return splice(bytes, at, 0, Buffer.from(inserted));
  },
  'bytes removed': (bytes, at, choices) => splice(bytes, at, 1 + choices.below(40), Buffer.alloc(0)),
  'bytes repeated': (bytes, at, choices) =>
    splice(bytes, at, 0, bytes.subarray(at, at + 1 + choices.below(64))),
  'bytes zeroed': (bytes, at, choices) => {
    const changed = Buffer.from(bytes);
    return changed.fill(0, at, Math.min(changed.length, at + 1 + choices.below(64)));
  },
  'another number': (bytes, at, choices) => {
    const changed = Buffer.from(bytes);
    const place = at - (at % 4);
    if (place + 4 <= changed.length) {
      const before = changed.readUInt32LE(place);
      const near = [before + 1, before - 1, before * 2].map((value) => (value % 2 ** 32) >>> 0);
      changed.writeUInt32LE(choices.of([...AWKWARD, ...near]), place);
    }
    return changed;
  },
  'bytes appended': (bytes, _, choices) => Buffer.concat([bytes, Buffer.alloc(1 + choices.below(40), 1)]),
  emptied: () => Buffer.alloc(0),
};

/** One to three changes; half of the places are near the start, where headers and counts are. */
export function mutateBytes(original: Buffer, choices: Choices): { how: string; bytes: Buffer } {
  let bytes = original;
  const how: string[] = [];
  for (let k = choices.of([1, 1, 1, 2, 3]); k > 0; k -= 1) {
    const name = choices.of(Object.keys(BYTE_CHANGES));
    const near = choices.chance(0.5) ? Math.min(bytes.length, 320) : bytes.length;
    const at = near === 0 ? 0 : choices.below(near);
    bytes = BYTE_CHANGES[name]!(bytes, at, choices);
    how.push(`${name} at ${at}`);
  }
  return { how: how.join(', '), bytes };
}
