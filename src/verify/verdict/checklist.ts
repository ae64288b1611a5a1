import { Refusal, type RefusalCode } from '../refusal.ts';
import { CHECK_IDS, type Check, type CheckId } from './verdict-types.ts';

/** Collects the outcome of each check. A check that was never reached ends as skipped, never as passed. */
export class Checklist {
  private readonly done = new Map<CheckId, Check>();

  /** Runs one check; a `Refusal` fails it, anything else that is thrown is a bug and goes through. */
  run<T>(id: CheckId, detail: string, check: () => T): T | undefined {
    try {
      const result = check();
      this.done.set(id, { id, status: 'pass', detail });
      return result;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.fail(id, error.code, error.where === undefined ? error.what : `${error.what} (${error.where})`);
      return undefined;
    }
  }

  fail(id: CheckId, code: RefusalCode, detail: string): void {
    this.done.set(id, { id, status: 'fail', detail, code });
  }

  skip(id: CheckId, detail: string): void {
    this.done.set(id, { id, status: 'skipped', detail });
  }

  status(id: CheckId): Check['status'] {
    return this.done.get(id)?.status ?? 'skipped';
  }

  /** One entry per check id, in the order in which the checks are listed. */
  checks(): readonly Check[] {
    const missing = 'Not reached: an earlier check failed';
    return CHECK_IDS.map((id) => this.done.get(id) ?? { id, status: 'skipped', detail: missing });
  }
}
