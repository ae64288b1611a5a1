import { randomUUID } from 'node:crypto';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  LogController,
} from 'fastify';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { Busy } from '../serve/busy.ts';
import { statusOf } from './status-of.ts';

export interface BaseOptions {
  /** Default: no logs. Gets one line of JSON per request, and per error of the server. */
  readonly log?: { write(line: string): void };
  /** Bytes of a request. Default: 8 MiB. */
  readonly bodyLimit?: number;
}

export const BODY_LIMIT = 8 * 1024 * 1024;

/**
 * A Fastify application whose errors are `{ error, code }` in JSON, and whose logs hold no input: neither bodies, headers
 * and queries, nor the messages of errors, which quote values.
 */
export function baseApp({ log, bodyLimit = BODY_LIMIT }: BaseOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit,
    logger: log === undefined ? false : { level: 'info', base: null, stream: log },
    // Its lines have the address with its query.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 512 },
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    const fields = {
      id: request.id,
      method,
      route: routeOptions.url ?? 'none',
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 1000) / 1000,
    };
    request.log.info(fields, 'answered');
    done();
  });
  app.setErrorHandler((error, request, reply) => sendError(error, request.log, reply));
  app.setNotFoundHandler((request, reply) => sendError(new QuietproofError('QP6589'), request.log, reply));
  return app;
}

function sendError(thrown: unknown, log: FastifyBaseLogger, reply: FastifyReply): FastifyReply {
  const error = knownError(thrown);
  const status = error === undefined ? 500 : statusOf(error.code);
  if (status >= 500) log.error({ code: error?.code, ...withoutMessage(thrown) }, 'failed');
  else log.info({ code: error!.code }, 'refused');
  if (error instanceof Busy) reply.header('Retry-After', error.retryAfter);
  // What went wrong inside is for the operator.
  const shown =
    error === undefined || status === 500
      ? { error: 'The server failed, and its log says how', code: error?.code ?? 'QP9001' }
      : { error: messageOf(error), code: error.code };
  return reply.status(status).type('application/json').send(shown);
}

/** Without the fix, which may be about options of a command. */
function messageOf({ code, what, where }: QuietproofError): string {
  return `${code} ${what}${where === undefined ? '' : ` (${where})`}`;
}

function knownError(thrown: unknown): QuietproofError | undefined {
  if (thrown instanceof QuietproofError) return thrown;
  const { statusCode, code } = (thrown ?? {}) as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new QuietproofError('QP6585');
  const isRequests = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return isRequests ? new QuietproofError('QP6581', { what: 'The request cannot be read' }) : undefined;
}

/** The kind of an error and where it was thrown. */
function withoutMessage(thrown: unknown): object {
  if (!(thrown instanceof Error)) return {};
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { type: thrown.name, stack: frames.join('\n') };
}
