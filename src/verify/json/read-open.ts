import { Refusal } from '../refusal.ts';
import type { Canonical } from './canonical-json.ts';
import type { Each, Other } from './encoded-types.ts';
import type { Json, JsonObject } from './parse-json.ts';
import {
  asObject,
  dictionary,
  list,
  type Read,
  type Reader,
  record,
  refuse,
  requireMember,
  show,
} from './read-json.ts';

type Readers = Readonly<Record<string, Reader<unknown>>>;
type OneOf<R extends Readers> = ReturnType<R[keyof R]>;

/** One value for all entries, or a list of entries that are not all equal. */
export function each(read: Reader<string>): Reader<Each<string>> {
  const many = list(read, 2);
  return (json, at) => {
    if (!Array.isArray(json)) return read(json, at);
    const items = many(json, at);
    if (items.every((item) => item === items[0])) refuse(at, 'has only equal entries: write a single value');
    return items;
  };
}

/** Any JSON value, kept unchanged. A key `__proto__` is data like any other. */
const opaque: Reader<Canonical> = (json, at) => {
  if (Array.isArray(json)) return json.map((item: Json) => opaque(item, at));
  if (json instanceof Map) {
    const members: JsonObject = json;
    return Object.fromEntries([...members].map(([key, member]) => [key, opaque(member, at)]));
  }
  return json as Canonical;
};

const someMembers = dictionary(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, opaque, 64);

const other: Reader<Other> = (json, at) => {
  const members = someMembers(json, at);
  if (Object.keys(members).length === 0) refuse(at, 'must not be empty');
  return members;
};

/** A `record` that may carry `other`. */
export function open<R extends Readers, O extends Readers>(
  required: R,
  optional: O,
): Reader<Read<R> & Partial<Read<O>> & { readonly other?: Other }> {
  return record(required, { ...optional, other }) as ReturnType<typeof open<R, O>>;
}

/** An object of one of several kinds; `kind` is read before its other members. @throws Refusal QP7006, QP7012 */
export function kinds<const R extends Readers>(readers: R): Reader<OneOf<R>> {
  return byMember(readers, 'kind', (found, at) => {
    throw new Refusal('QP7012', { what: `This verifier does not know the kind ${found}`, where: at });
  });
}

/**
 * An object of one of several versions; the member that names the version is read first.
 *
 * @throws Refusal QP7006, QP7010
 */
export function versions<const R extends Readers>(readers: R, member = 'version'): Reader<OneOf<R>> {
  return byMember(readers, member, (found, at) => {
    const what = `This verifier does not know the version ${found}; a newer one may read it`;
    throw new Refusal('QP7010', { what, where: at });
  });
}

/** One of several literals; a later text may define more of them. @throws Refusal QP7012 */
export function kindLiteral<const T extends string>(...values: readonly T[]): Reader<T> {
  return (json, at) => {
    const found = values.find((value) => value === json);
    if (found !== undefined) return found;
    throw new Refusal('QP7012', { what: `This verifier does not know the value ${shown(json)}`, where: at });
  };
}

function byMember<R extends Readers>(
  readers: R,
  member: string,
  unknown: (found: string, at: string) => never,
): Reader<OneOf<R>> {
  return (json, at) => {
    const members = asObject(json, at);
    requireMember(members, member, at);
    const found = members.get(member);
    const where = at === '' ? member : `${at}.${member}`;
    if (typeof found !== 'string' || !Object.hasOwn(readers, found)) return unknown(shown(found), where);
    return (readers[found] as Reader<OneOf<R>>)(json, at);
  };
}

function shown(json: Json | undefined): string {
  return typeof json === 'string' ? show(json) : `of type ${typeof json}`;
}
