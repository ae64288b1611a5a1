import { Refusal, type RefusalCode } from '../refusal.ts';

interface Base64Refusal {
  readonly code: RefusalCode;
  readonly name: string;
  readonly where?: string;
}

const PAYLOAD: Base64Refusal = { code: 'QP7201', name: 'The payload' };

/** RFC 4648 section 4, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The six bits of each ASCII character, -1 for those that are no digits. */
const BITS = Int8Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));

/** The bytes of a text that `encodeBase64` writes; undefined for every other text. */
function decodeCanonical(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const digits = text.length - (text.endsWith('==') ? 2 : Number(text.endsWith('=')));
  const bytes = new Uint8Array(Math.floor((digits * 6) / 8));
  let [bits, held, size] = [0, 0, 0];
  for (let at = 0; at < digits; at += 1) {
    const six = BITS[text.charCodeAt(at)];
    if (six === undefined || six < 0) return undefined;
    bits = (bits << 6) | six;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[size] = bits >> held;
    size += 1;
    bits &= (1 << held) - 1;
  }
  // The unused bits.
  return bits === 0 ? bytes : undefined;
}

/**
 * Accepts exactly what `encodeBase64` writes: no white space, no missing padding, unused bits zero.
 *
 * @param refusal code and name of the text, for the error when it is not canonical base64
 * @throws Refusal
 */
export function decodeBase64(text: string, refusal: Base64Refusal = PAYLOAD): Uint8Array {
  return decodeCanonical(text) ?? decodeSlowly(text, refusal);
}

/** The platform's decoder accepts more and is slower: it says what is wrong. @throws Refusal */
function decodeSlowly(text: string, refusal: Base64Refusal): Uint8Array {
  const { code, name, ...where } = refusal;
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new Refusal(code, { what: `${name} is not base64`, ...where });
  }
  if (btoa(binary) !== text) throw new Refusal(code, { what: `${name} is not canonical base64`, ...where });
  return Uint8Array.from(binary, (unit) => unit.charCodeAt(0));
}
