/** Untyped JSON, looked at with care: nothing of a model file has been checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A size or a count: an integer ≥ 0 that is exact. */
export function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isSize);
}
