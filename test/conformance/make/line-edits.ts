import type { LineEdit } from '../../../src/conformance/case.ts';

/** Line edits that turn one text into another, by the longest common subsequence. The files are short. */
export function lineEdits(from: string, to: string): LineEdit[] {
  const a = from.split('\n');
  const b = to.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) [endA, endB] = [endA - 1, endB - 1];
  const common = commonLines(a.slice(start, endA), b.slice(start, endB));
  const edits: LineEdit[] = [];
  let [atA, atB] = [start, start];
  for (const [i, j] of [...common.map(([x, y]) => [x + start, y + start] as const), [endA, endB] as const]) {
    if (i > atA || j > atB) edits.push([atA, i - atA, b.slice(atB, j)]);
    [atA, atB] = [i + 1, j + 1];
  }
  return edits;
}

/** Pairs of indices of equal lines, ascending in both. */
function commonLines(a: readonly string[], b: readonly string[]): [number, number][] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i]![j] =
        a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (table[i + 1]![j]! >= table[i]![j + 1]!) i += 1;
    else j += 1;
  }
  return pairs;
}
