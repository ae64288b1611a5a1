import type { MeasuredQuality, Quality, QualityContract } from '@quietproof/verify';
import { percent } from './wording.ts';

/** What the producer measured against the original model, and what was allowed. */
export function qualityText(quality: Quality): string {
  switch (quality.kind) {
    case 'judged':
      return `Within what was allowed, on ${rowsText(quality.rows)}: ${measured(quality)}`;
    case 'loss-accepted':
      return `Loss accepted: more than was allowed, on ${rowsText(quality.rows)}: ${measured(quality)}`;
    case 'not-judged': {
      const limits = quality.contract === undefined ? '' : `; allowed would be ${allowed(quality.contract)}`;
      return `Not judged, ${rowsText(quality.rows)}${limits}`;
    }
  }
}

function measured({ rows, contract, flips, error }: MeasuredQuality): string {
  const parts = [
    flips &&
      `${flips.count} of ${rows} labels differ from the original model’s, with 95 % certainty at most ${percent(flips.upper)} (allowed ${percent(contract.flips)})`,
    error &&
      `the largest error is ${percent(error)} of the scores’ span (allowed ${percent(contract.error)})`,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

function allowed({ flips, error }: QualityContract): string {
  return `${percent(flips)} other labels, an error of ${percent(error)} of the scores’ span`;
}

function rowsText(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`;
}
