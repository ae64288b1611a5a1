/**
 * Characters that are not seen but change how a text is read: controls, and those that reorder what stands around them. A
 * report shows a sign in their place.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** A text from somebody's file, as a report shows it. */
export function plainText(text: string): string {
  return text.replace(UNSEEN, '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
}
