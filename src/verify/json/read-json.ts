import { Refusal } from '../refusal.ts';
import { type Json, type JsonObject, LONE_SURROGATE } from './parse-json.ts';

/** Converts parsed JSON to a typed value, or refuses it. `at` is the path for messages, e.g. `model.ids`. */
export type Reader<T> = (json: Json | undefined, at: string) => T;

export type Read<R> = { readonly [K in keyof R]: R[K] extends Reader<infer T> ? T : never };

/** Characters that `text` refuses: control characters, and those that reorder the text around them. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const MAX_TEXT = 1024;
/** Limits quotes in messages, so that a hostile file cannot fill the screen. */
const MAX_QUOTED = 40;

/**
 * An object with exactly these keys; the optional ones may be missing. `version` is read first, because the meaning of
 * the other members depends on it.
 *
 * @throws Refusal QP7005 to QP7007, QP7010
 */
export function record<R extends Record<string, Reader<unknown>>, O extends Record<string, Reader<unknown>>>(
  required: R,
  optional: O,
): Reader<Read<R> & Partial<Read<O>>> {
  return (json, at) => {
    const members = asObject(json, at);
    if (required.version !== undefined) {
      requireMember(members, 'version', at);
      required.version(members.get('version'), join(at, 'version'));
    }
    const result: Record<string, unknown> = {};
    for (const [key, member] of members) {
      const read = Object.hasOwn(required, key)
        ? required[key]
        : Object.hasOwn(optional, key) && optional[key];
      if (!read)
        throw new Refusal('QP7005', { what: `The key ${show(key)} is unknown`, where: at || 'top level' });
      result[key] = read(member, join(at, key));
    }
    for (const key of Object.keys(required)) requireMember(members, key, at);
    return result as Read<R> & Partial<Read<O>>;
  };
}

/** An object whose keys are free, but must match `pattern`. */
export function dictionary<T>(pattern: RegExp, read: Reader<T>, max: number): Reader<Record<string, T>> {
  return (json, at) => {
    const members = asObject(json, at);
    if (members.size > max) refuse(at, `has more than ${max} entries`);
    return Object.fromEntries(
      [...members].map(([key, member]) => {
        if (!pattern.test(key)) refuse(at, `has a key that is not allowed: ${show(key)}`);
        return [key, read(member, join(at, key))];
      }),
    );
  };
}

export function list<T>(read: Reader<T>, min = 0, max = Number.POSITIVE_INFINITY): Reader<readonly T[]> {
  return (json, at) => {
    if (!Array.isArray(json)) return refuse(at, 'must be an array');
    const items = json as readonly Json[];
    if (items.length < min || items.length > max) {
      refuse(
        at,
        min === max ? `must have ${min} entries` : `has too ${items.length < min ? 'few' : 'many'} entries`,
      );
    }
    return items.map((item, index) => read(item, `${at}[${index}]`));
  };
}

export function tuple<const R extends readonly Reader<unknown>[]>(...readers: R): Reader<Read<R>> {
  return (json, at) => {
    if (!Array.isArray(json) || json.length !== readers.length) {
      return refuse(at, `must be an array of ${readers.length}`);
    }
    return readers.map((read, index) => read((json as readonly Json[])[index], `${at}[${index}]`)) as Read<R>;
  };
}

export function literal<const T extends string>(...values: readonly T[]): Reader<T> {
  return (json, at) => {
    const found = values.find((value) => value === json);
    return found ?? refuse(at, `must be ${values.map((value) => `"${value}"`).join(' or ')}`);
  };
}

/** A `version` member. @throws Refusal QP7010 */
export function version<const T extends string>(value: T): Reader<T> {
  return (json, at) => {
    if (json === value) return value;
    const found = typeof json === 'string' ? show(json) : 'none';
    throw new Refusal('QP7010', { what: `Expected "${value}", found ${found}`, where: at });
  };
}

export function matching(pattern: RegExp, meaning: string): Reader<string> {
  return (json, at) =>
    typeof json === 'string' && pattern.test(json) ? json : refuse(at, `must be ${meaning}`);
}

/**
 * Whether records may contain a text, such as the name of a class. Lone surrogates are not characters, and the parser
 * refuses them.
 */
export function isPrintable(value: string): boolean {
  return value.length <= MAX_TEXT && !UNPRINTABLE.test(value) && !LONE_SURROGATE.test(value);
}

export const text: Reader<string> = (json, at) => {
  if (typeof json !== 'string' || !isPrintable(json)) {
    return refuse(at, `must be printable text of at most ${MAX_TEXT} characters`);
  }
  return json;
};

/** A safe integer, at least `min`. */
export function integer(min: number): Reader<number> {
  return (json, at) =>
    typeof json === 'number' && json >= min ? json : refuse(at, `must be an integer ≥ ${min}`);
}

export const hex = matching(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hex');

/** Non-negative. @throws Refusal QP7008 for any other string */
export const decimal = canonicalNumber(
  /^(0|[1-9][0-9]{0,77})$/,
  'a non-negative integer without leading zeros',
);

export const signedDecimal = canonicalNumber(/^(0|-?[1-9][0-9]{0,77})$/, 'an integer without leading zeros');

/** The shortest decimal that reads back to the same double, as JavaScript writes it. */
export const real: Reader<string> = (json, at) => {
  if (typeof json !== 'string') return refuse(at, 'must be a string');
  const value = json.length <= 32 ? Number(json) : Number.NaN;
  if (!Number.isFinite(value) || String(value) !== json) {
    throw new Refusal('QP7008', {
      what: `${show(json)} is not the shortest form of a finite real`,
      where: at,
    });
  }
  return json;
};

function canonicalNumber(pattern: RegExp, meaning: string): Reader<string> {
  return (json, at) => {
    if (typeof json !== 'string') return refuse(at, 'must be a string');
    if (pattern.test(json)) return json;
    throw new Refusal('QP7008', { what: `${show(json)} is not ${meaning}`, where: at });
  };
}

export function requireMember(members: JsonObject, key: string, at: string): void {
  if (members.has(key)) return;
  throw new Refusal('QP7006', { what: `The key "${key}" is missing`, where: at || 'top level' });
}

export function asObject(json: Json | undefined, at: string): JsonObject {
  return json instanceof Map ? json : refuse(at, 'must be an object');
}

export function refuse(at: string, what: string): never {
  throw new Refusal('QP7007', { what: `${at || 'The file'} ${what}` });
}

export function show(value: string): string {
  const shown = value.length > MAX_QUOTED ? `${value.slice(0, MAX_QUOTED)}…` : value;
  return JSON.stringify(shown).replaceAll(new RegExp(UNPRINTABLE, 'gu'), '?');
}

function join(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`;
}
