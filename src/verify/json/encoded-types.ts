import type { Canonical } from './canonical-json.ts';

/** 32 bytes, usually a sha256: 64 lower-case hex digits. */
export type Hex = string;

/** A non-negative integer, decimal, without leading zeros: `^(0|[1-9][0-9]{0,77})$`. */
export type Decimal = string;

/** `^(0|-?[1-9][0-9]{0,77})$` */
export type SignedDecimal = string;

/** The shortest decimal that reads back to the same double. */
export type Real = string;

/** Canonical base64: RFC 4648 with padding, unused bits zero. */
export type Base64 = string;

/** One value if all entries are equal; else a list of at least two entries that are not all equal. */
export type Each<T extends string> = T | readonly T[];

/**
 * Additional members of an object. They are kept, hashed with the object, never interpreted, and listed as not checked.
 * 1 to 64 keys of the form `^[A-Za-z][A-Za-z0-9-]{0,63}$`. All other members are critical: unknown ones are refused.
 */
export type Other = Readonly<Record<string, Canonical>>;

export interface Open {
  readonly other?: Other;
}
