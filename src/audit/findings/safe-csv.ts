/** What spreadsheets would take for a formula, however it is quoted. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * A line of a table that is safe to open in a spreadsheet: text that begins like a formula gets an apostrophe before it.
 *
 * @returns the line with its end, as RFC 4180 has it
 */
export function safeCsvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(safeCell).join(',')}\r\n`;
}

function safeCell(cell: string | number | undefined): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return `${cell}`;
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n\t]/.test(safe) || safe !== cell ? `"${safe.replaceAll('"', '""')}"` : safe;
}
