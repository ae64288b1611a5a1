import { Refusal } from '../refusal.ts';

/** @param where a member of the interface, e.g. `outputs[0].names` @throws Refusal QP7105 */
export function contradicts(where: string): never {
  throw new Refusal('QP7105', { where: `interface.${where}` });
}

/** @throws Refusal QP7105 where two items are the same */
export function requireDistinct(items: readonly string[], where: string): void {
  if (new Set(items).size !== items.length) contradicts(where);
}

/** One value, or nothing, fits any count. @throws Refusal QP7105 where a list has another length */
export function requireLength(
  items: string | readonly string[] | undefined,
  count: number,
  where: string,
): void {
  if (items !== undefined && typeof items !== 'string' && items.length !== count) contradicts(where);
}

/** The entry at a place of a list, or the one value that stands for all. */
export function entry(items: string | readonly string[], index: number): string {
  return typeof items === 'string' ? items : (items[index] as string);
}
