/** All x with min ≤ x ≤ max; either may be infinite. */
export interface Interval {
  readonly min: number;
  readonly max: number;
}
