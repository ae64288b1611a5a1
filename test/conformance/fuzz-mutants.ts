/** The mutations that the fuzz tests apply to valid files. */
import fc from 'fast-check';
import { canonical, type Json } from './make/canonical.ts';

/** Values that readers often mishandle, and arbitrary JSON. */
export const awkward: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    '',
    '0',
    '1',
    '-1',
    '01',
    '0x1',
    ' 1',
    0,
    -1,
    1.5,
    2 ** 53,
    1e300,
    [],
    {},
    [[]],
    '__proto__',
  ),
  fc.bigInt({ min: 0n, max: 1n << 260n }).map(String),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.stringMatching(/^[0-9a-f]{64}$/),
);

/** All paths in a JSON value except the root. */
export function places(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.keys(value).flatMap((key) => places(value[key], [...path, key]));
  return path.length === 0 ? inner : [path, ...inner];
}

type Change = (parent: Json, key: string, value: Json) => void;
const CHANGES: readonly Change[] = [
  (parent, key, value) => {
    parent[key] = value;
  },
  (parent, key) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  },
  (parent, key, value) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 0, value);
    else parent[`${key}2`] = value;
  },
  (parent, key) => {
    const [other] = Object.keys(parent);
    [parent[key], parent[other!]] = [parent[other!], parent[key]];
  },
  (parent, key) => {
    parent[key] = [parent[key]];
  },
];

/** Applies one to three changes at random paths of a JSON value; undefined if they change nothing. */
export function changed(make: () => Json, all = places(make())): fc.Arbitrary<Json> {
  const edit = fc.tuple(fc.constantFrom(...all), fc.constantFrom(...CHANGES), awkward);
  const before = canonical(make());
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
    const value = make();
    for (const [path, change, put] of edits) {
      const parent = path.slice(0, -1).reduce((at, key) => at?.[key], value);
      if (typeof parent === 'object' && parent !== null) change(parent, path.at(-1)!, structuredClone(put));
    }
    return canonical(value) === before ? undefined : value;
  });
}

/** Replaces, removes and adds bytes at one to four places of the text. */
export function damaged(text: string): fc.Arbitrary<Uint8Array> {
  const bytes = Buffer.from(text);
  const edit = fc.tuple(fc.nat(bytes.length), fc.nat(8), fc.uint8Array({ maxLength: 8 }));
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
    let out: Buffer = Buffer.from(bytes);
    for (const [at, removed, put] of edits)
      out = Buffer.concat([out.subarray(0, at), put, out.subarray(at + removed)]);
    return out;
  });
}
