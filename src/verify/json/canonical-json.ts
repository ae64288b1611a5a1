/** Values that have a canonical encoding. Reals and integers beyond 2^53 are strings. */
export type Canonical =
  | null
  | boolean
  | number
  | string
  | readonly Canonical[]
  | { readonly [key: string]: Canonical };

/**
 * The encoding that is hashed (SPEC.md, section 1): JSON without white space, keys sorted by code unit, safe integers.
 *
 * @throws TypeError for any other value (undefined, reals, −0, functions…): a bug of the caller
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return integerText(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = requireObject(value);
  let members = '';
  for (const key of sortedKeys(object)) {
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(object[key])}`;
  }
  return `{${members}}`;
}

/** UTF-8 of `canonicalJson`. */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value));
}

/**
 * The only accepted form of a bundle, model record or opening as a file: canonical JSON made readable, with two spaces
 * per level and a line feed at the end. Readers refuse every other form.
 */
export function fileJson(value: unknown): string {
  return `${spread(value, '\n')}\n`;
}

function spread(value: unknown, newline: string): string {
  if (value === null || typeof value !== 'object') return canonicalJson(value);
  const inner = `${newline}  `;
  let items = '';
  if (Array.isArray(value)) {
    for (const item of value) items += `${items === '' ? '' : ','}${inner}${spread(item, inner)}`;
    return items === '' ? '[]' : `[${items}${newline}]`;
  }
  const object = requireObject(value);
  for (const key of sortedKeys(object)) {
    items += `${items === '' ? '' : ','}${inner}${JSON.stringify(key)}: ${spread(object[key], inner)}`;
  }
  return items === '' ? '{}' : `{${items}${newline}}`;
}

function integerText(value: number): string {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    throw new TypeError(`${value} is not a safe integer; write it as a string`);
  }
  return String(value);
}

function requireObject(value: unknown): Readonly<Record<string, unknown>> {
  const prototype: unknown =
    typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${typeof value} has no canonical encoding`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function sortedKeys(object: object): string[] {
  // The default order of sort() on strings is by UTF-16 code unit.
  return Object.keys(object).sort();
}
