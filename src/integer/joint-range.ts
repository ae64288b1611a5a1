/** How values that are each 0 or 1 depend on each other. */
export type Relation =
  /** 1 … 1 0 … 0: none is above the one before it. */
  | 'monotone'
  /** Exactly one is 1. */
  | 'one-hot';

/** The values [first, first + count), which vary together. */
export interface JointRange {
  readonly relation: Relation;
  readonly first: number;
  readonly count: number;
}

/** The least and the greatest value of Σ weights[k] · value(first + k). One weight per value. */
export function jointSpan({ relation }: JointRange, weights: Float64Array): { lo: number; hi: number } {
  switch (relation) {
    case 'monotone': {
      let [sum, lo, hi] = [0, 0, 0];
      for (const weight of weights) {
        sum += weight;
        lo = Math.min(lo, sum);
        hi = Math.max(hi, sum);
      }
      return { lo, hi };
    }
    case 'one-hot':
      return {
        lo: weights.reduce((a, b) => Math.min(a, b)),
        hi: weights.reduce((a, b) => Math.max(a, b)),
      };
  }
}
