import type { FastifyBaseLogger } from 'fastify';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import { ERROR_REGISTRY } from '../../../errors/registry.ts';
import type { EndpointEvent } from '../../serve/endpoint.ts';

type Listener = (event: EndpointEvent) => void;

/** What an endpoint reports, for several who listen; what comes before somebody does is kept for the first. */
export class EndpointEvents {
  readonly #listeners: Listener[] = [];
  #early: EndpointEvent[] = [];

  readonly report: Listener = (event) => {
    if (this.#listeners.length === 0) this.#early.push(event);
    for (const listen of this.#listeners) listen(event);
  };

  listen(listener: Listener): void {
    for (const event of this.#early) listener(event);
    this.#early = [];
    this.#listeners.push(listener);
  }
}

/**
 * Writes what an operator should know into the log: errors without their messages, which may quote values, and answers by
 * their index, since whoever has a receipt id has the proof.
 */
export function logEvent(
  log: FastifyBaseLogger,
  event: EndpointEvent,
  indexOf: (receiptId: string) => number | undefined,
): void {
  const { kind } = event;
  if (kind === 'erased') log.info(event, kind);
  else if (kind === 'clock-set-back') log.warn(event, kind);
  else if ('error' in event) {
    const { error, ...fields } = event;
    const about = 'receiptId' in fields ? { kind, index: indexOf(fields.receiptId) } : fields;
    log.warn({ ...about, ...reasonOf(error) }, kind);
  }
}

/** Code and title of an error, and the system's reason for it. */
export function reasonOf(error: unknown): object {
  const { code: reason } = (causeOf(error) ?? {}) as NodeJS.ErrnoException;
  const because = typeof reason === 'string' && /^E[A-Z]+$/.test(reason) ? { reason } : {};
  if (error instanceof QuietproofError) {
    return { code: error.code, title: ERROR_REGISTRY[error.code].title, ...because };
  }
  return { type: error instanceof Error ? error.name : typeof error, ...because };
}

/** The innermost: `fetch` wraps what the system says. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? causeOf(error.cause) : error;
}
