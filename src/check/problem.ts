export type Claim = 'determinism' | 'range' | 'correspondence';

/** Something the check could not prove, or found wrong. */
export interface Problem {
  readonly claim: Claim;
  /** Layer and position, or signal. */
  readonly where: string;
  readonly what: string;
}
