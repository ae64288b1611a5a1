import { isTime } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';

/** Both ends belong to it. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** A period of days or of times, in UTC: `2026-10-01..2026-10-31`. @throws QP6603 */
export function parsePeriod(text: string): Period {
  const [first = '', last = '', ...rest] = text.split('..');
  const from = isDay(first) ? `${first}T00:00:00Z` : first;
  const to = isDay(last) ? `${last}T23:59:59Z` : last;
  if (rest.length === 0 && isTime(from) && isTime(to) && from <= to) return { from, to };
  throw new QuietproofError('QP6603', {
    where: text.slice(0, 80),
    fix: 'Pass two days or times, the earlier one first: 2026-10-01..2026-10-31',
  });
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text);
}
