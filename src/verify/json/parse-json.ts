import { Refusal, type RefusalCode } from '../refusal.ts';

/** Objects are maps: they have no prototype, and a repeated key is noticed. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

/** Bytes, UTF-8. */
export const MAX_SIZE = 1 << 20;
export const MAX_DEPTH = 16;

/** UTF-8 of one UTF-16 code unit. */
const MAX_BYTES_PER_UNIT = 3;
const INTEGER = /-?(?:0|[1-9][0-9]*)/y;
/** With the u flag a surrogate pair is one character, so this matches lone surrogates only. */
export const LONE_SURROGATE = /\p{Cs}/u;
const NUMBER_TAIL = /[0-9.eE+-]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Decodes and parses with limits: at most 1 MiB, at most 16 levels, no repeated keys, only safe integers in canonical
 * form, no lone surrogates. The time is linear in the size.
 *
 * @param maxSize in bytes, for files that are no bundles
 * @throws Refusal QP7001 to QP7004, QP7008
 */
export function parseJson(source: string | Uint8Array, maxSize = MAX_SIZE): Json {
  return new Parser(decodeText(source, maxSize)).document();
}

/** @throws Refusal QP7001 (not UTF-8), QP7002 (too large) */
export function decodeText(source: string | Uint8Array, maxSize = MAX_SIZE): string {
  if (source.length > maxSize) throw new Refusal('QP7002', { where: `${source.length} bytes` });
  if (typeof source === 'string') {
    if (source.length <= maxSize / MAX_BYTES_PER_UNIT) return source;
    const size = new TextEncoder().encode(source).length;
    if (size > maxSize) throw new Refusal('QP7002', { where: `${size} bytes` });
    return source;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source);
  } catch {
    throw new Refusal('QP7001', { what: 'The file is not UTF-8' });
  }
}

class Parser {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    this.#space();
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#fail('QP7001', 'There is text after the end of the JSON');
    return value;
  }

  #value(depth: number): Json {
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(depth + 1);
    if (next === '[') return this.#array(depth + 1);
    if (next === '"') return this.#string();
    if (this.#word('true')) return true;
    if (this.#word('false')) return false;
    if (this.#word('null')) return null;
    return this.#number();
  }

  #object(depth: number): JsonObject {
    this.#enter(depth);
    const members = new Map<string, Json>();
    if (this.#close('}')) return members;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#fail('QP7001', 'A key is expected');
      const key = this.#string();
      if (members.has(key)) this.#fail('QP7004', `The key ${JSON.stringify(key.slice(0, 64))} appears twice`);
      this.#space();
      this.#expect(':');
      this.#space();
      members.set(key, this.#value(depth));
    } while (this.#comma('}'));
    return members;
  }

  #array(depth: number): readonly Json[] {
    this.#enter(depth);
    const items: Json[] = [];
    if (this.#close(']')) return items;
    do {
      this.#space();
      items.push(this.#value(depth));
    } while (this.#comma(']'));
    return items;
  }

  #enter(depth: number): void {
    if (depth > MAX_DEPTH) this.#fail('QP7003', `The JSON is nested more than ${MAX_DEPTH} levels deep`);
    this.#at += 1;
    this.#space();
  }

  #close(bracket: string): boolean {
    if (this.#text[this.#at] !== bracket) return false;
    this.#at += 1;
    return true;
  }

  #comma(bracket: string): boolean {
    this.#space();
    if (this.#close(bracket)) return false;
    this.#expect(',');
    return true;
  }

  #string(): string {
    let result = '';
    this.#at += 1;
    let start = this.#at;
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (Number.isNaN(unit)) this.#fail('QP7001', 'A string is not terminated');
      if (unit < 0x20) this.#fail('QP7001', 'A string contains a control character');
      if (unit === 0x22) break;
      if (unit !== 0x5c) {
        this.#at += 1;
        continue;
      }
      result += this.#text.slice(start, this.#at) + this.#escape();
      start = this.#at;
    }
    result += this.#text.slice(start, this.#at);
    this.#at += 1;
    if (LONE_SURROGATE.test(result)) this.#fail('QP7001', 'A string contains a lone surrogate');
    return result;
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    this.#at += 2;
    if (letter !== 'u') return ESCAPES[letter] ?? this.#fail('QP7001', 'An escape sequence is unknown');
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail('QP7001', 'A \\u escape needs four hex digits');
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #number(): number {
    INTEGER.lastIndex = this.#at;
    const digits = INTEGER.exec(this.#text)?.[0];
    if (digits === undefined) this.#fail('QP7001', 'A JSON value is expected');
    const tail = this.#text[this.#at + digits.length] ?? '';
    const value = Number(digits);
    if (NUMBER_TAIL.test(tail) || !Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.#fail('QP7008', 'Numbers must be safe integers without leading zeros, fraction or exponent');
    }
    this.#at += digits.length;
    return value;
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #expect(mark: string): void {
    if (this.#text[this.#at] !== mark) this.#fail('QP7001', `"${mark}" is expected`);
    this.#at += 1;
  }

  #space(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#at += 1;
    }
  }

  #fail(code: RefusalCode, what: string): never {
    throw new Refusal(code, { what, where: position(this.#text, this.#at) });
  }
}

/** Line and column, counted from 1, for messages. */
export function position(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return `line ${line}, column ${at - before.lastIndexOf('\n')}`;
}
