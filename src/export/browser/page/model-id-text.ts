import { FieldError } from './field-error.ts';
import { text } from './template.ts';
import { FORM } from './words.ts';

const LENGTH = 64;

/**
 * A model id as people paste it: in lines or groups, in capitals, behind `sha256:`, or cut off with an ellipsis.
 *
 * @returns 64 lower-case hex digits, or undefined for an empty field
 * @throws FieldError
 */
export function parseModelId(pasted: string): string | undefined {
  // Format characters, such as zero-width spaces, come along with text from web pages.
  const id = pasted
    .replace(/[\s\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/^sha-?256[:=]/, '')
    .replace(/(…|\.\.\.)$/, '');
  if (id === '') return undefined;
  const characters = [...id];
  const stray = characters.findIndex((character) => !/[0-9a-f]/.test(character));
  if (stray >= 0) {
    throw new FieldError(text(FORM.pin.stray, { character: characters[stray] as string, place: stray + 1 }));
  }
  if (id.length < LENGTH) throw new FieldError(text(FORM.pin.short, { count: id.length }));
  if (id.length > LENGTH) throw new FieldError(text(FORM.pin.long, { count: id.length }));
  return id;
}
