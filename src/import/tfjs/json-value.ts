/** Untyped JSON from a model file; nothing in it has been checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A size or count: a safe integer ≥ 0. */
export function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isSize);
}
