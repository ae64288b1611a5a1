/** What a verifier's reader accepts as text, and no more. */
const PRINTABLE = /^[^\p{C}\u2028\u2029]+$/u;
export const MAX_TEXT = 1024;

/** The names of tensors as an interface can have them: its parts' and its outputs' names are all different. */
export function distinctNames(tensors: readonly { readonly name: string }[], word: string): string[] {
  const usable = tensors.map(({ name }) => name.length <= MAX_TEXT && PRINTABLE.test(name));
  const isDistinct = new Set(tensors.map(({ name }) => name)).size === tensors.length;
  return tensors.map(({ name }, k) => {
    if (isDistinct && usable[k]) return name;
    return tensors.length === 1 ? word : `${word} ${k}`;
  });
}
