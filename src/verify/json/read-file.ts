import { Refusal } from '../refusal.ts';
import { fileJson } from './canonical-json.ts';
import { decodeText, parseJson, position } from './parse-json.ts';
import type { Reader } from './read-json.ts';

/**
 * Reads a Quietproof file: strict JSON, exactly the known keys, and exactly the bytes that `fileJson` writes. So no two
 * different files have the same content.
 *
 * @throws Refusal QP7001 to QP7010
 */
export function readFileJson<T>(source: string | Uint8Array, read: Reader<T>): T {
  const text = decodeText(source);
  const value = read(parseJson(text), '');
  requireForm(text, fileJson(value));
  return value;
}

/** @throws Refusal QP7009 when `text` differs from `expected`, naming the first difference */
export function requireForm(text: string, expected: string): void {
  if (text === expected) return;
  let at = 0;
  while (at < text.length && text[at] === expected[at]) at += 1;
  throw new Refusal('QP7009', { where: `first difference at ${position(text, at)}` });
}
