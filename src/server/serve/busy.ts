import { QuietproofError } from '../../errors/quietproof-error.ts';

/** The endpoint gives no answer now, and may later (HTTP: 429). */
export class Busy extends QuietproofError {
  /** Seconds, at least 1. */
  readonly retryAfter: number;

  constructor(retryAfter: number, what: string) {
    super('QP6551', { what, fix: `Ask again in ${retryAfter} s` });
    this.retryAfter = retryAfter;
  }
}
