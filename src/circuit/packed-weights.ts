import { bitLength } from '../integer/bounds.ts';

/** Weights as the templates that sum read them: circuits/dot.circom defines the form. */
export interface PackedWeights {
  /** By row: literals of up to 253 bits, in hexadecimal. */
  readonly literals: readonly (readonly string[])[];
  readonly digitBits: number;
  /** The least weight: a digit is a weight minus this. */
  readonly least: number;
}

const LITERAL_BITS = 253;
/** Digits are read four at a time. */
const GROUP = 4;

/** @param rows integers below 2^52 in absolute value; rows of one length, at least 1 */
export function packWeights(rows: readonly ArrayLike<number>[]): PackedWeights {
  let [least, most] = [Infinity, -Infinity];
  for (const row of rows) {
    for (let t = 0; t < row.length; t += 1) {
      if (row[t]! < least) least = row[t]!;
      if (row[t]! > most) most = row[t]!;
    }
  }
  const digitBits = Math.max(1, bitLength(most - least));
  const perLiteral = GROUP * Math.floor(LITERAL_BITS / (GROUP * digitBits));
  return { literals: rows.map((row) => packRow(row, { least, digitBits, perLiteral })), digitBits, least };
}

interface RowForm {
  readonly least: number;
  readonly digitBits: number;
  readonly perLiteral: number;
}

/** Binary text, as numbers of 253 bits are shifted slowly. */
function packRow(row: ArrayLike<number>, { least, digitBits, perLiteral }: RowForm): string[] {
  const literals: string[] = [];
  for (let first = 0; first < row.length; first += perLiteral) {
    let digits = '';
    for (let t = Math.min(row.length, first + perLiteral) - 1; t >= first; t -= 1) {
      digits += (row[t]! - least).toString(2).padStart(digitBits, '0');
    }
    literals.push(`0x${BigInt(`0b${digits}`).toString(16)}`);
  }
  return literals;
}
