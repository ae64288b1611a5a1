import type { Hex } from '../json/encoded-types.ts';
import type { Share } from './share.ts';

export const ENTRY_VERSION = 'quietproof/log-entry/v1';

/** What a log of answers holds: digests and policies, and nothing about anybody's input. */
export type LogEntry = AnswerEntry | ModelEntry;

interface Dated {
  readonly version: typeof ENTRY_VERSION;
  /**
   * When it was sealed, in seconds since 1970. Never less than that of the entry before it: a log whose clock is set back
   * writes the last time again.
   */
  readonly time: number;
}

/** An answer was given. */
export interface AnswerEntry extends Dated {
  readonly kind: 'answer';
  /** H(tag ‖ statement digest). */
  readonly leaf: Hex;
  /** Which randomness decides whether it is drawn; missing where nothing is drawn by a beacon. */
  readonly draw?: NamedRound;
}

/** A round of a public beacon. */
export interface NamedRound {
  /** Hash of its chain. */
  readonly beacon: Hex;
  /** 1 for the first. */
  readonly round: number;
}

/** From here on, answers may be of this model; the policy holds for them. */
export interface ModelEntry extends Dated {
  readonly kind: 'model';
  readonly modelId: Hex;
  readonly name: string;
  /** By the provider's own counting. */
  readonly modelVersion: string;
  /** Ids of models that answer no longer from here on. 1 to 32. */
  readonly retires?: readonly Hex[];
  readonly policy: ProvingPolicy;
}

/** Which answers of a model get a proof without being asked for. */
export interface ProvingPolicy {
  readonly prove: 'all' | 'sample' | 'on-demand';
  /** Only with `sample`. */
  readonly sample?: SamplingPolicy;
  /** Seconds after it is due (sealed, drawn or asked for) within which a proof exists. */
  readonly within: number;
  /** Seconds for which every answer can be asked for. */
  readonly retention: number;
}

export interface SamplingPolicy {
  readonly share: Share;
  /** Hash of the beacon's chain; missing where randomness of the caller decides. */
  readonly beacon?: Hex;
  /** Seconds: each answer names the first round that is not out before its time and this. */
  readonly delay: number;
}
