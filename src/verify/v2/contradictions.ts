import { Refusal } from '../refusal.ts';

/** @param where a member of the interface, e.g. `outputs[0].names` @throws Refusal QP7105 */
export function contradicts(where: string): never {
  throw new Refusal('QP7105', { where: `interface.${where}` });
}

/** @throws Refusal QP7105 when two items are equal */
export function requireDistinct(items: readonly string[], where: string): void {
  if (new Set(items).size !== items.length) contradicts(where);
}

/** A single value, or none, fits any count. @throws Refusal QP7105 when a list has a different length */
export function requireLength(
  items: string | readonly string[] | undefined,
  count: number,
  where: string,
): void {
  if (items !== undefined && typeof items !== 'string' && items.length !== count) contradicts(where);
}

/** The entry of a list, or the single value that holds for all entries. */
export function entry(items: string | readonly string[], index: number): string {
  return typeof items === 'string' ? items : (items[index] as string);
}
