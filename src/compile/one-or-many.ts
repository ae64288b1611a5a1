/** One string where all entries are the same. −0 is written as 0. */
export function oneOrMany(values: ArrayLike<number>): string | string[] {
  const texts = Array.from(values, (value) => String(value === 0 ? 0 : value));
  return texts.every((text) => text === texts[0]) ? texts[0]! : texts;
}
