/** Canonical JSON and file form, implemented separately: the generator uses no code of the verifier that it tests. */

// biome-ignore lint/suspicious/noExplicitAny: bad bundles have no type.
export type Json = any;

function sorted(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

export const canonical = (value: Json): string => JSON.stringify(sorted(value));
export const fileForm = (value: Json): string => `${JSON.stringify(sorted(value), null, 2)}\n`;
