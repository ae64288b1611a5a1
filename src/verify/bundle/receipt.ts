import { decodeBase64 } from '../json/base64.ts';
import { MAX_SIZE } from '../json/parse-json.ts';
import { Refusal } from '../refusal.ts';

/**
 * A receipt contains its bundle between these two marks, in base64, so that no part of it can be read as HTML. The
 * first mark is joined from two pieces because receipts include this code, which must not look like a second bundle.
 */
export const RECEIPT_OPEN = ['<script type="text/plain"', 'id="quietproof-bundle">'].join(' ');
export const RECEIPT_CLOSE = '</script>';

/** Bytes: room for the verifier, its page and a bundle of maximal size in base64. */
export const MAX_RECEIPT = 2 * MAX_SIZE;

/** Whether a file is a receipt rather than a bundle, which begins with `{`. */
export function isReceipt(source: string | Uint8Array): boolean {
  const start = typeof source === 'string' ? source.slice(0, 1) : String.fromCharCode(source[0] ?? 0);
  return start === '<';
}

/**
 * The bundle inside a receipt, byte for byte. The rest of the page is ignored: its author decides what it shows and
 * whether it checks anything.
 *
 * @throws Refusal QP7011 when there is no bundle, or more than one (a page could show one and deliver another)
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
