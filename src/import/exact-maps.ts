import type { FloatPrecision } from '../graph/float-precision.ts';

/**
 * One operation that a file computes on a value, in the format of that value. The float graph computes in doubles and
 * combines what it can, which is what neural networks need; a comparison needs the runtime's own result, bit for bit.
 */
export type ExactStep =
  /** x + c, x − c, c − x, x · c and x / c, rounded to the format. */
  | {
      readonly kind: 'add' | 'subtract' | 'subtract-from' | 'multiply' | 'divide';
      readonly constant: number;
      readonly precision: FloatPrecision;
    }
  /** Rounds to a format. */
  | { readonly kind: 'round'; readonly precision: FloatPrecision }
  /** A constant above 1 to the power of x, in float32. */
  | { readonly kind: 'power'; readonly base: number }
  /** Replaces one value, or NaN, by another. */
  | { readonly kind: 'replace'; readonly replaced: number; readonly by: number };

export interface ExactChain {
  readonly source: number;
  /** In the order in which they are applied. */
  readonly steps: readonly ExactStep[];
}

interface Recorded {
  readonly first: number;
  readonly source: Int32Array;
  readonly step: (i: number) => ExactStep;
}

/** What files compute value by value, by the ids of the results. */
export class ExactMaps {
  /** Ascending by first id. */
  readonly #recorded: Recorded[] = [];
  /** Whether anything will ask: only then do importers record. */
  isNeeded = false;

  /**
   * Records an elementwise operation, whose results have consecutive ids above all that are recorded.
   *
   * @param source the operand of each result
   */
  record(results: Int32Array, source: Int32Array, step: (i: number) => ExactStep): void {
    // An operation that changes nothing gives its operands back.
    if (results[0] === source[0]) return;
    this.#recorded.push({ first: results[0]!, source, step });
  }

  /** The value that another is computed from, and how; no steps if nothing is known of it. */
  chainOf(id: number): ExactChain {
    const steps: ExactStep[] = [];
    let source = id;
    for (;;) {
      const recorded = this.#recorded.findLast(({ first }) => first <= source);
      const i = recorded === undefined ? -1 : source - recorded.first;
      if (recorded === undefined || i >= recorded.source.length || recorded.source[i]! < 0) break;
      steps.unshift(recorded.step(i));
      source = recorded.source[i]!;
    }
    return { source, steps };
  }
}
