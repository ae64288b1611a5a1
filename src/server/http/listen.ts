import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { QuietproofError } from '../../errors/quietproof-error.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Aborted to stop. */
  readonly signal: AbortSignal;
  /** Called when requests are taken. */
  readonly onListening: (url: string) => void;
  /** Called on SIGHUP, one call at a time. */
  readonly onHangUp?: () => Promise<void>;
}

/**
 * Serves until the signal: then no more requests are taken, and those that were are answered.
 *
 * @throws QP6590
 */
export async function serveUntil(app: FastifyInstance, options: ListenOptions): Promise<void> {
  const { host, port, signal, onListening, onHangUp = async () => {} } = options;
  const stopped = signal.aborted ? undefined : once(signal, 'abort');
  let handled = Promise.resolve();
  const hangUp = () => {
    handled = handled.then(onHangUp);
  };
  process.on('SIGHUP', hangUp);
  try {
    onListening(await listen(app, host, port));
    await stopped;
  } finally {
    process.off('SIGHUP', hangUp);
    await handled;
    await app.close();
  }
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new QuietproofError('QP6590', {
      what: `The address cannot be listened to: ${code}`,
      where: `${host}, port ${port}`,
      fix: 'Pass another --port or --host, or stop what listens there',
      cause: error,
    });
  }
}
