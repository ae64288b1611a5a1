/** Somebody's verifier as a command: what it may print, how long it may take, and what counts as no answer. */
import type { Outcome } from './answer.ts';

export interface ExternalVerifier {
  readonly command: readonly [program: string, ...rest: string[]];
  /** Milliseconds for one answer. */
  readonly limit: number;
}

/** Answers are one line. More than this is none, and would fill the memory. */
export const MOST_BYTES = 1 << 22;

export function tooSlow({ limit }: ExternalVerifier): Outcome {
  return { problem: `no answer within ${limit / 1000} s` };
}

/** How a process ended: `exit status 3`, `SIGSEGV`. */
export function ending(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ?? `exit status ${code}`;
}
