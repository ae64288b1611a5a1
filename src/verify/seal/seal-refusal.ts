import { Refusal } from '../refusal.ts';
import { SEAL_REFUSALS, type SealRefusalCode } from '../seal-refusals.ts';

/** A refusal for a reason that no verdict has. */
export function sealRefusal(
  code: SealRefusalCode,
  parts: { readonly what?: string; readonly where?: string } = {},
): Refusal {
  return new Refusal(code, { what: SEAL_REFUSALS[code], ...parts });
}
