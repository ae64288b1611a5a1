import type { Hash } from '@quietproof/verify/log';

/** A tree of a log, as those see it who are asked to sign it. */
export interface LogTree {
  readonly size: number;
  /** Signed by the log, and perhaps by others. */
  readonly checkpoint: string;
  /** Shows that the log of `older` entries is the beginning of this one. */
  consistencyPath(older: number): Promise<Hash[]>;
}
