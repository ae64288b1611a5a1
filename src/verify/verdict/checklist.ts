import { Refusal, type RefusalCode } from '../refusal.ts';
import type { Check, CheckId } from './verdict-types.ts';

/** Collects the outcome of each check. A check that was never reached counts as skipped, not as passed. */
export class Checklist {
  readonly #done = new Map<CheckId, Check>();

  /**
   * Runs one check. A `Refusal` fails it; any other exception is a bug and is rethrown.
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
      this.fail(id, error.code, error.where === undefined ? error.what : `${error.what} (${error.where})`);
      return undefined;
    }
  }

  fail(id: CheckId, code: RefusalCode, detail: string): void {
    this.#done.set(id, { id, status: 'fail', detail, code });
  }

  skip(id: CheckId, detail: string): void {
    this.#done.set(id, { id, status: 'skipped', detail });
  }

  status(id: CheckId): Check['status'] {
    return this.#done.get(id)?.status ?? 'skipped';
  }

  /** One entry per check id, in the given order. */
  checks(ids: readonly CheckId[]): readonly Check[] {
    const missing = 'Not reached, because an earlier check failed';
    return ids.map((id) => this.#done.get(id) ?? { id, status: 'skipped', detail: missing });
  }
}
