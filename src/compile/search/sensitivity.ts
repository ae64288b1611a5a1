import { DEFAULT_BITS } from '../../quantize/bit-widths.ts';
import { compareRows, type ReferenceRows } from '../quality/compare.ts';
import type { OutputRule } from '../reference/output-rule.ts';
import type { Candidates } from './candidates.ts';
import { widestBits } from './choose-widths.ts';
import type { Allocation, Knob } from './knobs.ts';

/** What is lost if one part of the model has few bits and all others the widest. */
export interface Sensitivity extends Knob {
  readonly bits: number;
  readonly flips?: number;
  /** The largest error of an output, as a share of the span. */
  readonly error?: number;
}

export interface SensitivityTable {
  /** Held-out rows that were compared. */
  readonly rows: number;
  /** Bits of all other parts. */
  readonly others: number;
  /** The most sensitive first. */
  readonly parts: readonly Sensitivity[];
}

const MOST_ROWS = 256;

/** Measures every part of the model alone, at its bits in an allocation or, where those are the widest, at 8. */
export function measureSensitivity(
  candidates: Candidates,
  allocation: Allocation,
  heldOut: ReferenceRows,
  rules: readonly OutputRule[],
): SensitivityTable {
  const others = widestBits(candidates);
  const reference = someRows(heldOut);
  const parts = candidates.knobs.flatMap((knob, k): Sensitivity[] => {
    const own = allocation[k]!;
    const bits = own < others ? own : Math.min(DEFAULT_BITS, others);
    const alone = candidates.at(candidates.uniform(others).with(k, bits));
    if (alone === undefined) return [];
    const { flips, error } = compareRows(alone.model, reference, rules);
    return [
      {
        ...knob,
        bits,
        ...(flips !== undefined && { flips: flips.count }),
        ...(error !== undefined && { error: error.share }),
      },
    ];
  });
  const worst = parts.toSorted((a, b) => (b.flips ?? 0) - (a.flips ?? 0) || (b.error ?? 0) - (a.error ?? 0));
  return { rows: reference.rows.length, others, parts: worst };
}

/** Evenly spaced: a file may be sorted. */
function someRows({ indices, rows, outputs, logits }: ReferenceRows): ReferenceRows {
  const count = Math.min(MOST_ROWS, rows.length);
  const chosen = Array.from({ length: count }, (_, k) => Math.floor((k * rows.length) / count));
  const of = <T>(list: readonly T[]) => chosen.map((k) => list[k]!);
  return {
    indices: of(indices),
    rows: of(rows),
    outputs: of(outputs),
    ...(logits !== undefined && { logits: of(logits) }),
  };
}
