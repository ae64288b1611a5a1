import { MISSING, Refusal, type RefusalCode } from '../refusal.ts';
import type { Check, CheckId } from './verdict-types.ts';

/** Collects the outcome of each check. A check that was never reached counts as skipped, not as passed. */
export class Checklist {
  readonly #done = new Map<CheckId, Check>();

  /**
   * Runs one check. A `Refusal` fails it, or says what is missing to make it; any other exception is a bug and is
   * rethrown.
   *
   * @param detail sentence for a check that passes, optionally computed from its result
   */
  run<T>(id: CheckId, detail: string | ((result: T) => string), check: () => T): T | undefined {
    try {
      const result = check();
      this.#done.set(id, {
        id,
        status: 'pass',
        detail: typeof detail === 'string' ? detail : detail(result),
      });
      return result;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#refuse(id, error);
      return undefined;
    }
  }

  skip(id: CheckId, detail: string): void {
    this.#done.set(id, { id, status: 'skipped', detail });
  }

  /** What it would show is only claimed. @param code if the caller asked for more than a claim */
  claim(id: CheckId, detail: string, code?: RefusalCode): void {
    this.#done.set(id, { id, status: 'claimed', detail, ...(code !== undefined && { code }) });
  }

  /** Whether the check was left out on purpose, because the caller did not ask for it. */
  skipped(id: CheckId): boolean {
    return this.#done.get(id)?.status === 'skipped';
  }

  status(id: CheckId): Check['status'] {
    return this.#done.get(id)?.status ?? 'skipped';
  }

  /** One entry per check id, in the given order. */
  checks(ids: readonly CheckId[]): readonly Check[] {
    const unreached = 'Not reached, because an earlier check failed or could not be made';
    return ids.map((id) => this.#done.get(id) ?? { id, status: 'skipped', detail: unreached });
  }

  #refuse(id: CheckId, { code, what, where }: Refusal): void {
    const detail = where === undefined ? what : `${what} (${where})`;
    this.#done.set(id, { id, status: MISSING[code] === undefined ? 'fail' : 'missing', detail, code });
  }
}
