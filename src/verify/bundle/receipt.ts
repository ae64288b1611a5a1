import { decodeBase64 } from '../json/base64.ts';
import { MAX_SIZE } from '../json/parse-json.ts';
import { Refusal } from '../refusal.ts';

/**
 * A receipt holds its bundle between these two, as base64: nothing in it can then be read as HTML. Joined here, since
 * this code is part of receipts itself and must not look like a second bundle.
 */
export const RECEIPT_OPEN = ['<script type="text/plain"', 'id="quietproof-bundle">'].join(' ');
export const RECEIPT_CLOSE = '</script>';

/** The verifier and its page, and a bundle of the largest size in base64. */
export const MAX_RECEIPT = 2 * MAX_SIZE;

/** Whether a file is meant as a receipt: a bundle begins with `{`. */
export function isReceipt(source: string | Uint8Array): boolean {
  const start = typeof source === 'string' ? source.slice(0, 1) : String.fromCharCode(source[0] ?? 0);
  return start === '<';
}

/**
 * The bundle inside a receipt, byte for byte. Nothing else of the page is looked at: what it shows, and whether it
 * checks anything, is up to whoever wrote it.
 *
 * @throws Refusal QP7011 where there is none, or more than one (a page could show one and hand over another)
 */
export function bundleInReceipt(source: string | Uint8Array): Uint8Array {
  if (source.length > MAX_RECEIPT) throw new Refusal('QP7002', { where: `${source.length} bytes` });
  const html = typeof source === 'string' ? source : new TextDecoder().decode(source);
  const parts = html.split(RECEIPT_OPEN);
  const end = parts[1]?.indexOf(RECEIPT_CLOSE) ?? -1;
  if (parts.length !== 2 || end < 0) throw new Refusal('QP7011');
  try {
    return decodeBase64((parts[1] as string).slice(0, end));
  } catch (error) {
    if (error instanceof Refusal)
      throw new Refusal('QP7011', { what: 'The bundle in the receipt is not base64' });
    throw error;
  }
}
