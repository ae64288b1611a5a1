import { ELEMENT_BYTES, isScalar, readElement, SCALAR_FIELD } from '../field/bn254.ts';
import { ByteCursor, type FileContext } from './byte-cursor.ts';
import { CoefficientTable } from './coefficient-table.ts';
import { readSections, requireSection } from './iden3-container.ts';

/** A sparse matrix with one row per constraint: row i has the terms rowStart[i] … rowStart[i + 1] − 1. */
export interface SparseMatrix {
  readonly rowStart: Uint32Array;
  readonly wire: Uint32Array;
  /** Index into the constraint system's `coefficients`. */
  readonly coefficient: Uint32Array;
}

/**
 * A rank-1 constraint system over BN254's scalar field: (A·w)(B·w) = (C·w) for every row.
 * Wires are ordered: the constant 1, outputs, public inputs, private inputs, intermediate wires.
 */
export interface R1cs {
  readonly nWires: number;
  readonly nOutputs: number;
  readonly nPublicInputs: number;
  readonly nPrivateInputs: number;
  readonly nLabels: number;
  readonly nConstraints: number;
  readonly a: SparseMatrix;
  readonly b: SparseMatrix;
  readonly c: SparseMatrix;
  /** The distinct coefficients, 32 little-endian bytes each, all below r. */
  readonly coefficients: Uint8Array;
  /** The label of every wire: the number to which the .sym file assigns names. */
  readonly wireToLabel: Float64Array;
}

type Header = Omit<R1cs, 'a' | 'b' | 'c' | 'coefficients' | 'wireToLabel'>;

const TERM_BYTES = 4 + ELEMENT_BYTES;

/**
 * Reads a constraint system written by circom. Requires canonical coefficients and no repeated wire in a linear
 * combination; refuses custom gates and trailing bytes.
 *
 * @param file name for error messages
 * @throws QuietproofError QP5011
 */
export function readR1cs(bytes: Uint8Array, file = 'circuit.r1cs'): R1cs {
  const context: FileContext = { code: 'QP5011', file, fix: 'Compile the model again' };
  const sections = readSections(bytes, 'r1cs', [1], context);
  for (const id of [4, 5]) {
    // circom always writes both sections for PLONK's custom gates, with a count of 0 if there are none.
    const gates = sections.get(id);
    if (gates?.some((byte) => byte !== 0)) new ByteCursor(gates, context).refuse('it uses custom gates');
  }
  const header = readHeader(new ByteCursor(requireSection(sections, 1, 'header', context), context));
  const constraints = new ByteCursor(requireSection(sections, 2, 'constraints', context), context);
  const labels = new ByteCursor(requireSection(sections, 3, 'wire labels', context), context);
  // Check the header's counts against the file's size before they determine any allocation.
  if (labels.remaining !== 8 * header.nWires)
    labels.refuse(`the label table does not match ${header.nWires} wires`);
  if (constraints.remaining < 12 * header.nConstraints) {
    constraints.refuse(`the constraint section is too short for ${header.nConstraints} constraints`);
  }
  return { ...header, ...readConstraints(constraints, header), wireToLabel: readLabels(labels, header) };
}

function readHeader(cursor: ByteCursor): Header {
  if (cursor.u32() !== ELEMENT_BYTES || readElement(cursor.take(ELEMENT_BYTES)) !== SCALAR_FIELD) {
    cursor.refuse('its field is not the scalar field of BN254');
  }
  const header = {
    nWires: cursor.u32(),
    nOutputs: cursor.u32(),
    nPublicInputs: cursor.u32(),
    nPrivateInputs: cursor.u32(),
    nLabels: cursor.u64(),
    nConstraints: cursor.u32(),
  };
  cursor.end();
  const { nWires, nOutputs, nPublicInputs, nPrivateInputs } = header;
  if (1 + nOutputs + nPublicInputs + nPrivateInputs > nWires) {
    cursor.refuse(`${nWires} wires cannot hold its inputs and outputs`);
  }
  return header;
}

interface MatrixBuilder {
  readonly rowStart: Uint32Array;
  readonly wire: Uint32Array;
  readonly coefficient: Uint32Array;
  terms: number;
}

function readConstraints(cursor: ByteCursor, header: Header): Pick<R1cs, 'a' | 'b' | 'c' | 'coefficients'> {
  const counts = countTerms(cursor, header.nConstraints);
  cursor.position = 0;
  const matrices = counts.map(
    (terms): MatrixBuilder => ({
      rowStart: new Uint32Array(header.nConstraints + 1),
      wire: new Uint32Array(terms),
      coefficient: new Uint32Array(terms),
      terms: 0,
    }),
  );
  const table = new CoefficientTable();
  // The last linear combination that used each wire, to detect a wire used twice in one.
  const lastUse = new Uint32Array(header.nWires);
  let combination = 0;
  for (let row = 0; row < header.nConstraints; row += 1) {
    for (const matrix of matrices) {
      combination += 1;
      readCombination(cursor, matrix, table, lastUse, combination);
      matrix.rowStart[row + 1] = matrix.terms;
    }
  }
  const coefficients = table.toBytes();
  const view = new DataView(coefficients.buffer);
  for (let at = 0; at < coefficients.length; at += ELEMENT_BYTES) {
    if (!isScalar(view, at)) cursor.refuse('a coefficient is not below the field order');
  }
  return { a: matrices[0]!, b: matrices[1]!, c: matrices[2]!, coefficients };
}

/** Number of terms of A, B and C. Checks all lengths. */
function countTerms(cursor: ByteCursor, nConstraints: number): number[] {
  const counts = [0, 0, 0];
  for (let row = 0; row < nConstraints; row += 1) {
    for (let m = 0; m < 3; m += 1) {
      const terms = cursor.u32();
      cursor.take(terms * TERM_BYTES);
      counts[m]! += terms;
    }
  }
  cursor.end();
  return counts;
}

function readCombination(
  cursor: ByteCursor,
  matrix: MatrixBuilder,
  table: CoefficientTable,
  lastUse: Uint32Array,
  combination: number,
): void {
  const end = matrix.terms + cursor.u32();
  for (; matrix.terms < end; matrix.terms += 1) {
    const wire = cursor.u32();
    if (wire >= lastUse.length) cursor.refuse(`wire ${wire} does not exist`);
    if (lastUse[wire] === combination) cursor.refuse(`wire ${wire} occurs twice in a linear combination`);
    lastUse[wire] = combination;
    matrix.wire[matrix.terms] = wire;
    matrix.coefficient[matrix.terms] = table.intern(cursor.view, cursor.position);
    cursor.position += ELEMENT_BYTES; // countTerms has checked the length
  }
}

function readLabels(cursor: ByteCursor, header: Header): Float64Array {
  const labels = new Float64Array(header.nWires);
  for (let wire = 0; wire < header.nWires; wire += 1) {
    labels[wire] = cursor.u64();
    if (labels[wire]! >= Math.max(header.nLabels, 1)) cursor.refuse(`label ${labels[wire]} does not exist`);
  }
  return labels;
}
