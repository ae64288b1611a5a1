import type { RowValue } from '@quietproof/verify';
import { FieldError } from './field-error.ts';
import { text as filledText } from './template.ts';
import { FORM } from './words.ts';

const TOKEN = /[\s,;]*(?:("(?:[^"\\]|\\.)*")|([^\s,;"]+))/y;
const REST = /^[\s,;]*$/;

/**
 * A row as somebody writes it: a JSON list, or values separated by spaces, commas or semicolons. A word that is no
 * number is a text; a text with spaces, or one that looks like a number, stands in double quotes.
 *
 * @returns the values as they are, in JSON of any type: the verifier says which of them the model cannot take
 * @throws FieldError
 */
export function parseRowText(text: string): RowValue[] {
  return text.startsWith('[') ? listOf(text) : wordsOf(text);
}

function listOf(text: string): RowValue[] {
  try {
    return JSON.parse(text) as RowValue[];
  } catch {
    throw new FieldError(FORM.row.list);
  }
}

function wordsOf(text: string): RowValue[] {
  const row: RowValue[] = [];
  let end = 0;
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    const [, quoted, word] = token;
    row.push(quoted === undefined ? valueOfWord(word as string) : unquoted(quoted));
    end = TOKEN.lastIndex;
  }
  if (!REST.test(text.slice(end))) throw new FieldError(FORM.row.quote);
  return row;
}

/** Infinity, -Infinity and NaN are texts: encodings that have them take them as such. */
function valueOfWord(word: string): RowValue {
  const number = Number(word);
  return Number.isNaN(number) || /infinity/i.test(word) ? word : number;
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new FieldError(filledText(FORM.row.text, { text: text.slice(0, 40) }));
  }
}
