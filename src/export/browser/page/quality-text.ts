import type { MeasuredQuality, Quality, QualityContract } from '@quietproof/verify';
import { percent } from './numbers.ts';
import { counted, text } from './template.ts';
import { DETAILS } from './words.ts';

const WORDS = DETAILS.quality;

/** What the producer measured against the original model, and what was allowed. */
export function qualityText(quality: Quality): string {
  const before = text(WORDS[quality.kind], { rows: counted(quality.rows, DETAILS.rows) });
  if (quality.kind !== 'not-judged') return before + measured(quality);
  return quality.contract === undefined ? before : before + limits(quality.contract);
}

function measured({ rows, contract, flips, error }: MeasuredQuality): string {
  const parts = [
    flips &&
      text(WORDS.flips, {
        count: flips.count,
        rows,
        upper: percent(flips.upper),
        allowed: percent(contract.flips),
      }),
    error && text(WORDS.error, { error: percent(error), allowed: percent(contract.error) }),
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

function limits({ flips, error }: QualityContract): string {
  return text(WORDS.limits, { flips: percent(flips), error: percent(error) });
}
