/** Fewer edits than this, and at least this share of the letters right: otherwise two words have nothing in common. */
const MAX_EDITS = 3;
const MIN_SIMILARITY = 0.4;

/**
 * The candidate that a misspelt word most likely meant: the one with the fewest edits (a letter inserted, deleted,
 * replaced, or two neighbours exchanged), the first of several. Undefined if none is similar.
 */
export function nearestTo(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = MAX_EDITS + 1;
  for (const candidate of candidates) {
    const edits = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const length = Math.max(word.length, candidate.length);
    if (edits < fewest && (length - edits) / length > MIN_SIMILARITY) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

/** Damerau-Levenshtein distance in its restricted form: no part is edited twice. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_EDITS) return MAX_EDITS + 1;
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const [above, row] = [rows[i - 1]!, [i]];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const exchanged =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? rows[i - 2]![j - 2]! + 1
          : replaced;
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, replaced, exchanged));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
