import type { Choices } from './random.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Place {
  readonly parent: Json[] | { [key: string]: Json };
  readonly key: string;
  readonly path: string;
}

/** Texts that no value serializes to: they replace a marked string. */
const MARK = '\u0001raw:';
const raw = (text: string): string => MARK + text;

const NUMBERS = [
  '1.5',
  '-0',
  '1e308',
  '1e999',
  '-1',
  '0',
  '9007199254740993',
  '4294967296',
  '2147483648',
  '1e3',
];
const VALUES: readonly Json[] = [
  ...[null, true, '', '0', '-1', '01', '1e999', 'x'.repeat(2000), 'a\nb', 'a\u202eb', '../../etc/passwd'],
  ...[[], {}, [[]], { kind: 'other' }, '__proto__', 'a'.repeat(64), '0'.repeat(64), '9'.repeat(78)],
  raw('['.repeat(60) + ']'.repeat(60)),
  raw('['.repeat(20_000)),
];

function places(value: Json, path = ''): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => {
    const inner = `${path}.${key}`;
    return [{ parent: value, key, path: inner }, ...places((value as Record<string, Json>)[key]!, inner)];
  });
}

const get = ({ parent, key }: Place) => (parent as Record<string, Json>)[key]!;
const set = ({ parent, key }: Place, value: Json) => {
  (parent as Record<string, Json>)[key] = value;
};
const remove = ({ parent, key }: Place) => {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
};

const CHANGES: Readonly<Record<string, (place: Place, all: readonly Place[], choices: Choices) => void>> = {
  missing: remove,
  'another type': (place, _, choices) => set(place, structuredClone(choices.of(VALUES))),
  'another number': (place, _, choices) => {
    const value = get(place);
    if (typeof value === 'string' && /^-?[\d.e-]+$/.test(value))
      set(place, choices.of([...NUMBERS, '1e-320']));
    else set(place, raw(choices.of(NUMBERS)));
  },
  'next number': (place, _, choices) => {
    const step = choices.of([1, -1, 7, 256]);
    const value = get(place);
    if (typeof value === 'number') set(place, value + step);
    else if (typeof value === 'string' && /^-?\d+$/.test(value))
      set(place, String(BigInt(value) + BigInt(step)));
    else set(place, raw(choices.of(NUMBERS)));
  },
  'swapped with another': (place, all, choices) => {
    const other = choices.of(all);
    // A value must not end up inside itself.
    if (other.path.startsWith(place.path) || place.path.startsWith(other.path)) return remove(place);
    const [one, two] = [get(place), get(other)];
    set(place, two);
    set(other, one);
  },
  repeated: (place, _, choices) => {
    if (Array.isArray(place.parent)) {
      place.parent.splice(
        Number(place.key),
        0,
        ...Array.from({ length: choices.of([1, 1, 70]) }, () => get(place)),
      );
    } else place.parent[raw(place.key)] = get(place);
  },
  unknown: (place, _, choices) => {
    if (Array.isArray(place.parent)) place.parent.push(choices.of(VALUES));
    else place.parent[choices.of(['other', '__proto__', 'constructor', 'x'])] = choices.of(VALUES);
  },
  wrapped: (place) => set(place, [get(place)]),
};

/** One to two structural changes, written in the form that the file had. */
export function mutateJson(original: Buffer, choices: Choices): { how: string; bytes: Buffer } {
  const text = original.toString('utf8');
  const value = JSON.parse(text) as Json;
  const how: string[] = [];
  for (let k = choices.of([1, 1, 1, 2]); k > 0; k -= 1) {
    const all = places(value);
    if (all.length === 0) break;
    const name = choices.of(Object.keys(CHANGES));
    const place = choices.of(all);
    how.push(`${name} ${place.path}`);
    CHANGES[name]!(place, all, choices);
  }
  return { how: how.join(', '), bytes: Buffer.from(unmarked(written(value, text))) };
}

function written(value: Json, like: string): string {
  const text = like.includes('\n') ? JSON.stringify(value, sorted, 2) : JSON.stringify(value, sorted);
  return like.endsWith('\n') ? `${text}\n` : text;
}

/** Canonical files have sorted keys; the others are small, and any order is the same to their reader. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (plain(a) < plain(b) ? -1 : 1)));
}

const plain = (key: string) => key.replace(MARK, '');

/** `"\u0001raw:text"` becomes text as a value, and `"text"` as a key, which so occurs twice. */
function unmarked(text: string): string {
  const mark = JSON.stringify(MARK).slice(1, -1);
  return text.replaceAll(new RegExp(`"${mark.replace('\\', '\\\\')}([^"]*)"(:?)`, 'g'), (_, inner, colon) =>
    colon === '' ? inner : `"${inner}":`,
  );
}
