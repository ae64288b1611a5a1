/** Canonical JSON and file form, implemented separately: the generator uses no code of the verifier that it tests. */

// biome-ignore lint/suspicious/noExplicitAny: bad bundles have no type.
export type Json = any;

/**
 * Members are written in order of their keys' code units, one by one: an object of JavaScript's own would put keys like
 * "10" before all others.
 */
function write(value: Json, line: string | undefined): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = line === undefined ? undefined : `${line}  `;
  const items: string[] = Array.isArray(value)
    ? value.map((item) => write(item ?? null, inner))
    : Object.keys(value)
        .filter((key) => value[key] !== undefined)
        .sort()
        .map((key) => `${JSON.stringify(key)}:${line === undefined ? '' : ' '}${write(value[key], inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  return `${open}${inner ?? ''}${items.join(`,${inner ?? ''}`)}${line ?? ''}${close}`;
}

export const canonical = (value: Json): string => write(value, undefined);
export const fileForm = (value: Json): string => `${write(value, '\n')}\n`;
