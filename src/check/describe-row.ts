import type { ConstraintSystem } from './constraint-system.ts';
import type { LinearForm } from './linear-form.ts';
import type { RowMatcher } from './row-matcher.ts';

const MAX_TERMS = 8;
const MAX_DIFFERENCES = 3;

/** One row as text; long sums are shortened. */
export function describeRow(system: ConstraintSystem, row: number, name: (wire: number) => string): string {
  const [a, b, c] = system.matrices.map((matrix) => {
    const terms = system.terms(matrix, row);
    const shown = terms.slice(0, MAX_TERMS).map(({ wire, value }) => `${value}·${name(wire)}`);
    return terms.length === 0 ? '0' : shown.join(' + ') + (terms.length > MAX_TERMS ? ' + …' : '');
  });
  return `row ${row}: (${a})·(${b}) = ${c}`;
}

/** For an expected row that is missing: the closest unmatched row with the same wire, and how it differs. */
export function describeNearest(
  system: ConstraintSystem,
  rows: RowMatcher,
  expected: LinearForm,
  wire: number,
  name: (wire: number) => string,
): string {
  const [, , c] = system.matrices;
  const wanted = expected.wires();
  let best: { row: number; differences: string[] } | undefined;
  const seen = new Set<number>();
  for (let at = system.start[wire]!; at < system.start[wire + 1]!; at += 1) {
    const row = system.rows[at]!;
    if (seen.has(row) || rows.matched[row] === 1 || isAboutOne(system, row)) continue;
    seen.add(row);
    const terms = new Map(system.terms(c, row).map((term) => [term.wire, term.value]));
    const own = terms.get(wire) ?? 0n;
    const sign = own * expected.coefficient(wire) < 0n ? -1n : 1n;
    const differences = Array.from(new Set([...wanted, ...terms.keys()])).flatMap((place) => {
      const want = expected.coefficient(place);
      const have = sign * (terms.get(place) ?? 0n);
      return want === have ? [] : [`${name(place)} has coefficient ${have}, not ${want}`];
    });
    if (best === undefined || differences.length < best.differences.length) best = { row, differences };
  }
  if (best === undefined) return `no constraint says what ${name(wire)} is`;
  const { row, differences } = best;
  if (differences.length === 0) return `row ${row} has other factors than expected`;
  const more =
    differences.length > MAX_DIFFERENCES
      ? `, and ${differences.length - MAX_DIFFERENCES} more differences`
      : '';
  return `row ${row}: ${differences.slice(0, MAX_DIFFERENCES).join(', ')}${more}`;
}

/** Whether a row has only one wire: such a row makes it boolean. */
function isAboutOne(system: ConstraintSystem, row: number): boolean {
  const wires = new Set(
    system.matrices.flatMap((matrix) => system.terms(matrix, row).map(({ wire }) => wire)),
  );
  wires.delete(0);
  return wires.size <= 1;
}
