import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Interval } from '../graph/functions/interval.ts';
import type { TabulatedFacts } from '../graph/functions/tabulated.ts';
import { EXACT_BITS, tooWide } from '../integer/bounds.ts';

/** The entry of a value is that at floor((value + offset) / 2^shift). */
export interface TableWindow {
  readonly shift: number;
  readonly offset: number;
}

/** From this shift on, half a step of the argument before rounding is not worth telling from a whole one. */
const FINE_SHIFT = 3;

/** A table reaches beyond the calibration rows by this share of their range. */
const MARGIN = 1 / 8;

/**
 * The window that holds what the calibration rows give, with a margin, as far as the function is not flat there. A function
 * that is symmetric has a window around 0. What is left of the 2^bits places is above the range, or below it where the
 * function is steep above.
 *
 * @param seen the range of the arguments on the calibration rows
 * @param scale of the integer arguments
 * @param bits of the index
 * @throws QuietproofError QP3025 if the function has no value there, QP3001 if the arguments are too large
 */
export function tableWindow(
  name: string,
  facts: TabulatedFacts,
  seen: Interval,
  scale: number,
  bits: number,
): TableWindow {
  requireValues(name, facts, seen);
  // The sign of a value is exact, whatever its magnitude.
  if (isSignOnly(facts)) return { shift: 0, offset: 1 };
  const { min, max } = widened(facts, seen, bits);
  const isRounded = facts.outputs === 'whole';
  for (let shift = 0; shift + bits < EXACT_BITS; shift += 1) {
    const step = scale * 2 ** shift;
    const half = shift > 0 && isRounded ? 2 ** (shift - 1) : 0;
    if (facts.symmetry !== 'none' && shift >= FINE_SHIFT) {
      if (Math.max(-min, max) <= 2 ** (bits - 1) * step) return { shift, offset: 2 ** (bits - 1 + shift) };
      continue;
    }
    const [first, last] = [Math.floor(min / step), Math.floor(max / step)];
    if (last - first >= 2 ** bits) continue;
    const start = facts.isSteepAbove ? last - 2 ** bits + 1 : first;
    return { shift, offset: half - start * 2 ** shift };
  }
  throw tooWide(name);
}

export function isSignOnly({ range, outputs }: TabulatedFacts): boolean {
  return outputs === 'whole' && range.min === -1 && range.max === 1;
}

/** Whether the middles of a window's steps are placed evenly around 0. */
export function isCentred({ shift, offset }: TableWindow, bits: number): boolean {
  return shift >= FINE_SHIFT && offset === 2 ** (bits - 1 + shift);
}

/** The argument that an entry stands for: the middle of those that share it. */
export function argumentOf({ shift, offset }: TableWindow, index: number): number {
  const unit = 2 ** shift;
  return index * unit - offset + (shift < FINE_SHIFT ? (unit - 1) / 2 : unit / 2);
}

function requireValues(name: string, { domain, label, apply }: TabulatedFacts, { min, max }: Interval): void {
  const isWithin = domain === undefined || (min >= domain.min && max <= domain.max);
  if (isWithin && Number.isFinite(apply(min)) && Number.isFinite(apply(max))) return;
  throw new QuietproofError('QP3025', {
    what: `${label} reads values from ${min} to ${max}`,
    where: `layer "${name}"`,
    fix: 'Bound what it reads, or give calibration rows that are as in use',
  });
}

function widened({ domain, reach }: TabulatedFacts, seen: Interval, bits: number): Interval {
  const { min, max } = seen;
  const margin = (max - min) * MARGIN;
  const limits = reach?.(bits, seen) ?? { min: -Infinity, max: Infinity };
  const within = domain ?? { min: -Infinity, max: Infinity };
  const low = Math.max(min - margin, limits.min, within.min);
  const high = Math.min(max + margin, limits.max, within.max);
  // All rows are where the function is flat: any window near its edge will do.
  if (low < high) return { min: low, max: high };
  return max <= limits.min ? { min: limits.min, max: limits.min } : { min: limits.max, max: limits.max };
}
