import type { RowValue } from '@quietproof/verify';
import { FieldError } from './field-error.ts';
import { text as filledText } from './template.ts';
import { FORM } from './words.ts';

const TOKEN = /[\s,;]*(?:("(?:[^"\\]|\\.)*")|([^\s,;"]+))/y;
const QUOTED = /"(?:[^"\\]|\\.)*"/g;
/** Without quoted texts: one line with commas and no other separator. */
const LINE = /^[^;\n]*,[^;\n]*$/;
const CELL = /\s*(?:("(?:[^"\\]|\\.)*")\s*|([^,"]*))(,|$)/y;
const REST = /^[\s,;]*$/;

/**
 * A row as somebody writes it: a JSON list, a line of a CSV file, or values separated by spaces, commas or semicolons. A
 * word that is no number is a text; a text with spaces, outside of a line of CSV, or one that looks like a number, stands in
 * double quotes.
 *
 * @returns the values as they are, in JSON of any type: the verifier says which of them the model cannot take
 * @throws FieldError
 */
export function parseRowText(text: string): RowValue[] {
  if (text.startsWith('[')) return listOf(text);
  return LINE.test(text.replaceAll(QUOTED, '')) ? cellsOf(text) : wordsOf(text);
}

function listOf(text: string): RowValue[] {
  try {
    return JSON.parse(text) as RowValue[];
  } catch {
    throw new FieldError(FORM.row.list);
  }
}

/** Of a line: between commas, a text may have spaces, and nothing is an empty text. Numbers may stand side by side. */
function cellsOf(text: string): RowValue[] {
  const row: RowValue[] = [];
  CELL.lastIndex = 0;
  for (let end = ','; end === ','; ) {
    const cell = CELL.exec(text);
    if (cell === null) throw new FieldError(FORM.row.quote);
    const [, quoted, plain = '', separator] = cell;
    const words = plain.trim().split(/\s+/).map(valueOfWord);
    if (quoted !== undefined) row.push(unquoted(quoted));
    else if (words.every((word) => typeof word === 'number')) row.push(...words);
    else row.push(words.length === 1 ? (words[0] as RowValue) : plain.trim());
    end = separator as string;
  }
  return row;
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
  const number = word === '' ? Number.NaN : Number(word);
  return Number.isNaN(number) || /infinity/i.test(word) ? word : number;
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new FieldError(filledText(FORM.row.text, { text: text.slice(0, 40) }));
  }
}
