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

/**
 * Accepts exactly what `encodeBase64` writes: no white space, no missing padding, unused bits zero.
 *
 * @param refusal code and name of the text, for the error when it is not canonical base64
 * @throws Refusal
 */
export function decodeBase64(text: string, refusal: Base64Refusal = PAYLOAD): Uint8Array {
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
