import type { Canonical } from './canonical-json.ts';

/** sha256, or 32 bytes of another kind: 64 lower-case hex digits. */
export type Hex = string;

/** A non-negative integer, decimal, without leading zeros: `^(0|[1-9][0-9]{0,77})$`. */
export type Decimal = string;

/** `^(0|-?[1-9][0-9]{0,77})$` */
export type SignedDecimal = string;

/** The shortest decimal that reads back to the same double. */
export type Real = string;

/** Canonical base64: RFC 4648 with padding, unused bits zero. */
export type Base64 = string;

/** One value where all entries are the same; else a list of at least two that are not all equal. */
export type Each<T extends string> = T | readonly T[];

/**
 * What an object says beyond its version: kept, hashed with the object, never interpreted, listed as not checked. Keys
 * `^[A-Za-z][A-Za-z0-9-]{0,63}$`, 1 to 64 of them. Every member outside of it is critical: an unknown one is refused.
 */
export type Other = Readonly<Record<string, Canonical>>;

export interface Open {
  readonly other?: Other;
}
