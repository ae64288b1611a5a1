import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Gives the calling thread what other threads leave of the processors, where the system has priorities of threads: on
 * Linux. Elsewhere it does nothing.
 */
export function yieldToAnswers(): void {
  try {
    const thread = /(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1];
    if (thread !== undefined) setPriority(Number(thread), constants.priority.PRIORITY_LOW);
  } catch {
    // Then it has the priority of all others.
  }
}
