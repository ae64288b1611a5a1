/** sha256, 64 lower-case hex digits. */
export type Hex = string;

/** A non-negative integer, decimal, without leading zeros: `^(0|[1-9][0-9]{0,77})$`. */
export type Decimal = string;
