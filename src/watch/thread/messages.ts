import type { Alarm, ExpectedModel, WatchPolicy, WatchStatus } from '@quietproof/client';
import type { ExchangePlace } from '../store/exchange-file.ts';

/** What the thread is started with. */
export interface ThreadData {
  readonly upstream: string;
  /** Where its records are. */
  readonly folder: string;
  readonly models: readonly ExpectedModel[];
  readonly trust?: TrustPaths;
  readonly policy: Partial<WatchPolicy>;
  /** Milliseconds from the end of a round to the beginning of the next one; undefined: rounds are asked for. */
  readonly every: number | undefined;
}

/** Read again in each round. */
export interface TrustPaths {
  readonly file: string;
  /** Signed statements, and folders of them. */
  readonly statements: readonly string[];
}

export type ToThread =
  | { readonly kind: 'check'; readonly places: readonly ExchangePlace[] }
  | { readonly kind: 'authorization'; readonly value: string }
  | Asked;

/** Answered once, under its number, with the status after it. */
type Asked = Question & { readonly n: number };

export type Question =
  | { readonly kind: 'step' }
  | { readonly kind: 'status' }
  | { readonly kind: 'acknowledge'; readonly id: string }
  | { readonly kind: 'close' };

export type FromThread =
  | { readonly kind: 'opened'; readonly status: WatchStatus }
  | { readonly kind: 'checked'; readonly place: ExchangePlace }
  | { readonly kind: 'alarm'; readonly alarm: Alarm }
  /** It goes on, but somebody should know. */
  | { readonly kind: 'trouble'; readonly what: string }
  | { readonly kind: 'answer'; readonly n: number; readonly status: WatchStatus }
  /** It cannot go on. */
  | { readonly kind: 'failed'; readonly error: ThreadError };

/** An error, as it crosses threads. */
export interface ThreadError {
  readonly code: string | undefined;
  readonly what: string;
  readonly where?: string;
  readonly fix?: string;
}
