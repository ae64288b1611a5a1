import { ELEMENT_BYTES, readElement, SCALAR_FIELD, writeElement } from '#dist/field/bn254.js';
import { publicCount } from '#dist/formats/evaluation-domain.js';
import { allocateSections } from '#dist/formats/iden3-container.js';
import type { R1cs, SparseMatrix } from '#dist/formats/r1cs.js';

/** A linear combination: coefficients by wire. */
type Form = ReadonlyMap<number, bigint>;
/** A·w, B·w and C·w of one constraint. */
export type Row = readonly [a: Form, b: Form, c: Form];

/** A constraint system made from another one by substitutions. */
export interface Rewritten {
  readonly rows: readonly Row[];
  /** The wires that are left, by their number in the original. */
  readonly wires: readonly number[];
}

/** A sum row Σ 2^k·b_k = x, whose lowest bit occurs in no other row but its own. */
export interface Decomposition {
  readonly row: number;
  readonly bit: number;
  /** The row that makes the bit boolean. */
  readonly bitRow: number;
  /** Number of wires in x. */
  readonly terms: number;
}

const NONE: Form = new Map();

export function rowsOf(r1cs: R1cs): Row[] {
  const coefficients = Array.from({ length: r1cs.coefficients.length / ELEMENT_BYTES }, (_, k) =>
    readElement(r1cs.coefficients, k * ELEMENT_BYTES),
  );
  const formOf = ({ rowStart, wire, coefficient }: SparseMatrix, row: number): Form => {
    const form = new Map<number, bigint>();
    for (let at = rowStart[row]!; at < rowStart[row + 1]!; at += 1) {
      form.set(wire[at]!, coefficients[coefficient[at]!]!);
    }
    return form;
  };
  const { a, b, c } = r1cs;
  return Array.from({ length: r1cs.nConstraints }, (_, row) => [
    formOf(a, row),
    formOf(b, row),
    formOf(c, row),
  ]);
}

/** Row and wires of each decomposition whose lowest bit can be substituted. */
export function decompositionsOf(rows: readonly Row[], r1cs: R1cs): Decomposition[] {
  const own = new Map<number, number>();
  const uses = new Uint32Array(r1cs.nWires);
  rows.forEach((row, k) => {
    const wires = new Set(row.flatMap((form) => [...form.keys()]).filter((wire) => wire !== 0));
    for (const wire of wires) uses[wire]! += 1;
    const [only] = wires;
    const isQuadratic = row[0].size > 0 && row[1].size > 0;
    if (wires.size === 1 && isQuadratic && only! > publicCount(r1cs) + r1cs.nPrivateInputs) own.set(only!, k);
  });
  const found: Decomposition[] = [];
  rows.forEach(([a, b, c], row) => {
    if (a.size > 0 && b.size > 0) return;
    const bits = [...c].filter(([wire]) => own.has(wire));
    const low = bits.find(([wire, value]) => uses[wire] === 2 && isUnit(value));
    if (low === undefined || bits.length < 2) return;
    const terms = c.size - bits.length - (c.has(0) ? 1 : 0);
    found.push({ row, bit: low[0], bitRow: own.get(low[0])!, terms });
  });
  return found;
}

function isUnit(value: bigint): boolean {
  return value === 1n || value === SCALAR_FIELD - 1n;
}

/**
 * Substitutes the lowest bit of each decomposition by what its sum row says it is, e = x − Σ_{k>0} 2^k·b_k: the sum row
 * goes, and the bit's own row becomes e·(e − 1) = 0.
 */
export function spare(rows: readonly Row[], r1cs: R1cs, chosen: readonly Decomposition[]): Rewritten {
  const gone = new Set(chosen.map(({ row }) => row));
  const bits = new Set(chosen.map(({ bit }) => bit));
  const changed = new Map(chosen.map((one): [number, Row] => [one.bitRow, booleanRow(rows, one)]));
  return {
    rows: rows.flatMap((row, k) => (gone.has(k) ? [] : [changed.get(k) ?? row])),
    wires: Array.from({ length: r1cs.nWires }, (_, wire) => wire).filter((wire) => !bits.has(wire)),
  };
}

function booleanRow(rows: readonly Row[], { row, bit }: Decomposition): Row {
  const sum = rows[row]![2];
  const isNegated = sum.get(bit) === 1n;
  const e = new Map<number, bigint>();
  for (const [wire, value] of sum) {
    if (wire !== bit) e.set(wire, isNegated ? (SCALAR_FIELD - value) % SCALAR_FIELD : value);
  }
  const less = new Map(e);
  less.set(0, ((e.get(0) ?? 0n) + SCALAR_FIELD - 1n) % SCALAR_FIELD);
  if (less.get(0) === 0n) less.delete(0);
  return [e, less, NONE];
}

/** The same rows, and empty ones up to a number. */
export function pad({ rows, wires }: Rewritten, count: number): Rewritten {
  const more = Array.from({ length: Math.max(0, count - rows.length) }, (): Row => [NONE, NONE, NONE]);
  return { rows: [...rows, ...more], wires };
}

/** The .r1cs file. Wires are numbered again in their order, and so are labels. */
export function encodeR1cs({ rows, wires }: Rewritten, r1cs: R1cs): Uint8Array {
  const terms = rows.reduce((sum, row) => sum + row.reduce((own, form) => own + form.size, 0), 0);
  const { file, section } = allocateSections('r1cs', 1, [
    [1, 4 + ELEMENT_BYTES + 28],
    [2, rows.length * 12 + terms * (4 + ELEMENT_BYTES)],
    [3, 8 * wires.length],
  ]);
  const header = viewOf(section(1));
  header.setUint32(0, ELEMENT_BYTES, true);
  writeElement(section(1), 4, SCALAR_FIELD);
  const counts = [wires.length, r1cs.nOutputs, r1cs.nPublicInputs, r1cs.nPrivateInputs];
  for (const [k, count] of counts.entries()) header.setUint32(36 + 4 * k, count, true);
  header.setBigUint64(52, BigInt(wires.length), true);
  header.setUint32(60, rows.length, true);
  writeRows(section(2), rows, new Map(wires.map((wire, k) => [wire, k])));
  const labels = viewOf(section(3));
  for (let wire = 0; wire < wires.length; wire += 1) labels.setBigUint64(8 * wire, BigInt(wire), true);
  return file;
}

function writeRows(bytes: Uint8Array, rows: readonly Row[], place: ReadonlyMap<number, number>): void {
  const view = viewOf(bytes);
  let at = 0;
  for (const form of rows.flat()) {
    view.setUint32(at, form.size, true);
    at += 4;
    for (const [wire, value] of form) {
      view.setUint32(at, place.get(wire)!, true);
      writeElement(bytes, at + 4, value);
      at += 4 + ELEMENT_BYTES;
    }
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The wires that are left, from all wires of the original. */
export function project(witness: Uint8Array, { wires }: Rewritten): Uint8Array {
  const left = new Uint8Array(wires.length * ELEMENT_BYTES);
  wires.forEach((wire, k) => {
    left.set(witness.subarray(wire * ELEMENT_BYTES, (wire + 1) * ELEMENT_BYTES), k * ELEMENT_BYTES);
  });
  return left;
}
