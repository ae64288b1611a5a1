/**
 * The two prime fields of BN254 (also called alt_bn128, bn128). Source: EIP-196, section "Encoding".
 * Elements are 32 little-endian bytes, as in iden3's binary formats.
 */

/** r: order of the groups and modulus of wires and coefficients. */
export const SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
/** q: modulus of point coordinates. */
export const BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

export const ELEMENT_BYTES = 32;

/** r − 1 = 2^28 · odd, so the largest multiplicative subgroup of power-of-two order has order 2^28. */
export const TWO_ADICITY = 28;

const WORDS = new Map([SCALAR_FIELD, BASE_FIELD].map((modulus) => [modulus, littleEndianWords(modulus)]));

function littleEndianWords(value: bigint): Uint32Array {
  return Uint32Array.from({ length: 8 }, (_, i) => Number(BigInt.asUintN(32, value >> BigInt(32 * i))));
}

/** Whether the 32 bytes at `offset` are a canonical element of the field, i.e. below its modulus. */
export function isBelow(
  view: DataView,
  offset: number,
  modulus: typeof SCALAR_FIELD | typeof BASE_FIELD,
): boolean {
  const words = WORDS.get(modulus)!;
  for (let i = 7; i >= 0; i -= 1) {
    const word = view.getUint32(offset + 4 * i, true);
    if (word !== words[i]!) return word < words[i]!;
  }
  return false;
}

/** Whether the 32 bytes at `offset` are a canonical scalar, i.e. below r. */
export function isScalar(view: DataView, offset: number): boolean {
  return isBelow(view, offset, SCALAR_FIELD);
}

/** The 32 bytes at `offset` as an integer. */
export function readElement(bytes: Uint8Array, offset = 0): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, ELEMENT_BYTES);
  let value = 0n;
  for (let i = 3; i >= 0; i -= 1) value = (value << 64n) | view.getBigUint64(8 * i, true);
  return value;
}

/** Writes 0 ≤ value < 2^256 at `offset`. */
export function writeElement(bytes: Uint8Array, offset: number, value: bigint): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, ELEMENT_BYTES);
  for (let i = 0; i < 4; i += 1) view.setBigUint64(8 * i, BigInt.asUintN(64, value >> BigInt(64 * i)), true);
}

/** A field element as 32 little-endian bytes. */
export function elementBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(ELEMENT_BYTES);
  writeElement(bytes, 0, value);
  return bytes;
}

/** base^exponent mod modulus. Only for public values, since the time depends on the exponent. */
export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/**
 * The primitive 2^power-th root of unity of snarkjs and ffjavascript, from 5, the smallest non-residue mod r.
 *
 * @param power 0 … 28
 */
export function rootOfUnity(power: number): bigint {
  if (!(power >= 0 && power <= TWO_ADICITY)) throw new RangeError(`no root of unity of order 2^${power}`);
  return modPow(5n, (SCALAR_FIELD - 1n) >> BigInt(power), SCALAR_FIELD);
}

const MONTGOMERY_INVERSE = modPow(modPow(2n, 256n, BASE_FIELD), BASE_FIELD - 2n, BASE_FIELD);

/** Converts a coordinate from Montgomery form (x · 2^256 mod q), the form in zkey files. */
export function fromMontgomery(value: bigint): bigint {
  return (value * MONTGOMERY_INVERSE) % BASE_FIELD;
}

/** Converts a coordinate to Montgomery form. */
export function toMontgomery(value: bigint): bigint {
  return (value << 256n) % BASE_FIELD;
}
