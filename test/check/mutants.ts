import type { CheckedCircuit } from '../../src/check/check-circuit.ts';
import { ConstraintSystem } from '../../src/check/constraint-system.ts';
import { elementBytes, SCALAR_FIELD } from '../../src/field/bn254.ts';
import type { R1cs, SparseMatrix } from '../../src/formats/r1cs.ts';

/** A copy of a circuit with one thing wrong. */
export interface Mutant {
  /** The gadget, from the names of the wires it touches: `layer1.bit`. */
  readonly gadget: string;
  /** What was done: `drop product`, `coefficient +1 in C of linear`. */
  readonly change: string;
  readonly circuit: CheckedCircuit;
}

type Terms = [wire: number, coefficient: bigint][];
type Row = readonly [a: Terms, b: Terms, c: Terms];

/**
 * One mutant for each class of constraint (gadget, shape) and each thing that can be done to it: the row dropped, the
 * row's C side emptied, and for each class of coefficient (side, kind of wire, size) one coefficient changed by one and
 * one term dropped.
 */
export function* mutants(circuit: CheckedCircuit, name: (wire: number) => string): Generator<Mutant> {
  const { r1cs } = circuit;
  const rows = rowsOf(r1cs);
  const seen = new Set<string>();
  const isNew = (key: string) => {
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  for (const [at, row] of rows.entries()) {
    const gadget = gadgetOf(row, name);
    const shape = shapeOf(row);
    const make = (change: string, changed: Row | undefined): Mutant => {
      const others = changed === undefined ? rows.toSpliced(at, 1) : rows.with(at, changed);
      return { gadget, change, circuit: { ...circuit, r1cs: withRows(r1cs, others) } };
    };
    if (isNew(`${gadget} ${shape} drop`)) {
      yield make(`drop ${shape}`, undefined);
      yield make(`empty the right side of ${shape}`, [row[0], row[1], row[2].length > 0 ? [] : [[0, 1n]]]);
    }
    for (const side of [0, 1, 2] as const) {
      for (const [k, [wire, coefficient]] of row[side].entries()) {
        const kind = `${shape} ${'ABC'[side]} ${kindOf(name(wire))} ${sizeOf(coefficient)}`;
        if (!isNew(`${gadget} ${kind}`)) continue;
        for (const step of [1n, -1n]) {
          // (x − 1)·2x = 0 is equivalent to (x − 1)·x = 0, so this is not a mutant.
          const isScaled = row[2].length === 0 && row[side].length === 1 && coefficient + step !== 0n;
          if (isScaled) continue;
          const terms = row[side].with(k, [wire, coefficient + step]);
          yield make(`${kind} ${step > 0n ? '+1' : '−1'}`, row.with(side, terms) as unknown as Row);
        }
        yield make(`${kind} dropped`, row.with(side, row[side].toSpliced(k, 1)) as unknown as Row);
      }
    }
  }
}

export function rowsOf(r1cs: R1cs): Row[] {
  const system = new ConstraintSystem(r1cs);
  return Array.from({ length: r1cs.nConstraints }, (_, row) => {
    const side = (matrix: SparseMatrix): Terms =>
      system.terms(matrix, row).map(({ wire, value }) => [wire, value]);
    return [side(r1cs.a), side(r1cs.b), side(r1cs.c)];
  });
}

export function withRows(r1cs: R1cs, rows: readonly Row[]): R1cs {
  const table: bigint[] = [];
  const index = new Map<bigint, number>();
  const intern = (value: bigint) => {
    const canonical = ((value % SCALAR_FIELD) + SCALAR_FIELD) % SCALAR_FIELD;
    const known = index.get(canonical) ?? table.push(canonical) - 1;
    index.set(canonical, known);
    return known;
  };
  const matrix = (side: 0 | 1 | 2): SparseMatrix => {
    const terms = rows.map((row) => row[side].filter(([, value]) => value % SCALAR_FIELD !== 0n));
    const rowStart = new Uint32Array(rows.length + 1);
    terms.forEach((own, row) => {
      rowStart[row + 1] = rowStart[row]! + own.length;
    });
    const flat = terms.flat();
    return {
      rowStart,
      wire: Uint32Array.from(flat, ([wire]) => wire),
      coefficient: Uint32Array.from(flat, ([, value]) => intern(value)),
    };
  };
  const [a, b, c] = [matrix(0), matrix(1), matrix(2)];
  const coefficients = new Uint8Array(32 * table.length);
  table.forEach((value, i) => {
    coefficients.set(elementBytes(value), 32 * i);
  });
  return { ...r1cs, nConstraints: rows.length, a, b, c, coefficients };
}

/** The components that a row belongs to, by the names of its wires. */
function gadgetOf(row: Row, name: (wire: number) => string): string {
  const names = row.flat().map(([wire]) => name(wire));
  const inner = names.filter((own) => own.includes('.')).map(kindOf);
  const places = new Set(inner.length > 0 ? inner : names.filter((own) => own !== '1').map(kindOf));
  return Array.from(places).sort().join('+');
}

function kindOf(signal: string): string {
  return signal.replaceAll(/\[\d+\]/g, '').replaceAll(/_class\d+/g, '');
}

function shapeOf([a, b, c]: Row): string {
  if (a.length === 0 || b.length === 0) return 'sum';
  return c.length === 0 ? 'boolean' : 'product';
}

/** Class of a coefficient: its sign, and whether it is 1, a power of two, a field element, or another number. */
function sizeOf(value: bigint): string {
  const size = value < 0n ? -value : value;
  const sign = value < 0n ? '−' : '';
  if (size === 1n) return `${sign}1`;
  if (size > 2n ** 60n) return 'field';
  return (size & (size - 1n)) === 0n ? `${sign}2^k` : `${sign}w`;
}
