import { Refusal } from '../refusal.ts';

/** RFC 4648 section 4, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * Accepts exactly what `encodeBase64` writes: no white space, no missing padding, no stray low bits.
 *
 * @throws Refusal QP7201
 */
export function decodeBase64(text: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new Refusal('QP7201', { what: 'The payload is not base64' });
  }
  if (btoa(binary) !== text) throw new Refusal('QP7201', { what: 'The payload is not canonical base64' });
  return Uint8Array.from(binary, (unit) => unit.charCodeAt(0));
}
