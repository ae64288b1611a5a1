const DAY_MS = 86_400_000;

/** All days from the first to the last, `step` apart, as `2026-11-28`. */
export function daysBetween(first: string, last: string, step: number): string[] {
  const days: string[] = [];
  const end = Date.parse(last);
  for (let at = Date.parse(first); at <= end; at += step * DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** Months from the first to the last, as `2026-11`. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  let [year, month] = [Number(first.slice(0, 4)), Number(first.slice(5, 7))];
  for (;;) {
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    if (name > last.slice(0, 7)) return months;
    months.push(name);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
}
