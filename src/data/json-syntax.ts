/** The first position at which a text is not valid JSON. */
export interface JsonFault {
  /** Index into the text; the length of the text if it ends too early. */
  readonly offset: number;
  /** Line and column from 1. */
  readonly line: number;
  readonly column: number;
  /** The text at that position: `","`, `NaN`, or `the end of the file`. */
  readonly found: string;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings must not contain them
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /-?[A-Za-z]+/y;
const SPACE = /[ \t\n\r]*/y;

/**
 * Finds the first position at which a text is not valid JSON. Called after `JSON.parse` has failed, because its
 * messages differ between versions of Node and often have no position. Not recursive, so nesting may be arbitrarily deep.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const closers: string[] = [];
  let at = match(SPACE, text, 0) ?? 0;
  let expect: 'value' | 'first' | 'key' | 'firstKey' | 'after' = 'value';
  for (;;) {
    const char = text[at];
    if (expect === 'after') {
      const closer = closers.at(-1);
      if (closer === undefined) return char === undefined ? undefined : fault(text, at);
      if (char === ',') expect = closer === '}' ? 'key' : 'value';
      else if (char === closer) closers.pop();
      else return fault(text, at);
      at += 1;
    } else if ((expect === 'first' && char === ']') || (expect === 'firstKey' && char === '}')) {
      closers.pop();
      expect = 'after';
      at += 1;
    } else if (expect === 'key' || expect === 'firstKey') {
      const end = match(STRING, text, at);
      if (end === undefined) return fault(text, at);
      at = match(SPACE, text, end)!;
      if (text[at] !== ':') return fault(text, at);
      at += 1;
      expect = 'value';
    } else if (char === '[' || char === '{') {
      closers.push(char === '[' ? ']' : '}');
      expect = char === '[' ? 'first' : 'firstKey';
      at += 1;
    } else {
      const end = scalarEnd(text, at);
      if (end === undefined) return fault(text, at);
      at = end;
      expect = 'after';
    }
    at = match(SPACE, text, at)!;
  }
}

function scalarEnd(text: string, at: number): number | undefined {
  const end = match(STRING, text, at) ?? match(NUMBER, text, at);
  if (end !== undefined) return end;
  const word = match(WORD, text, at);
  return word !== undefined && ['true', 'false', 'null'].includes(text.slice(at, word)) ? word : undefined;
}

/** The end of a match of a sticky pattern at a position. */
function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function fault(text: string, offset: number): JsonFault {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const word = text.slice(offset, match(WORD, text, offset) ?? offset).slice(0, 20);
  const char = JSON.stringify(text.slice(offset, offset + 1));
  return { offset, line, column, found: offset >= text.length ? 'the end of the file' : word || char };
}
