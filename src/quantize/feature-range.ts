/** What a model card declares of a feature; overrides calibration. */
export interface FeatureRange {
  readonly min: number;
  readonly max: number;
  /** The feature only has the values min, min + step, … max. */
  readonly step?: number;
}
