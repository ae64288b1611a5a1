import { UsageError } from '../command/usage-error.ts';
import { MAX_TOLERANCE, type RowValue } from '../index.ts';

/** @throws UsageError */
export function parseTolerance(text: string): number {
  const tolerance = text.trim() === '' ? Number.NaN : Number(text);
  if (tolerance >= 0 && tolerance <= MAX_TOLERANCE) return tolerance;
  throw new UsageError('QP1001', { what: `A tolerance is 0 to ${MAX_TOLERANCE} steps, not "${text}"` });
}

/** A row as a JSON list of numbers and texts. @throws UsageError */
export function readRow(text: string): RowValue[] {
  const row = parsed(text);
  const isValue = (value: unknown) => typeof value === 'number' || typeof value === 'string';
  if (Array.isArray(row) && row.every(isValue)) return row as RowValue[];
  throw new UsageError('QP1001', {
    what: '--input takes one row as a JSON list of numbers and texts',
    where: text.slice(0, 80),
    fix: 'For rows in data files, use quietproof verify',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
