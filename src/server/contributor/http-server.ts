import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { readRoundRequest } from '../../ceremony/rounds/read-request.ts';
import type { RoundPart, RoundRefusal } from '../../ceremony/rounds/round-types.ts';
import { sha256 } from '../../data/sha256.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { ErrorCode } from '../../errors/registry.ts';
import type { Authenticated, Authenticator } from './authenticate.ts';
import type { ContributorService } from './contributor-service.ts';

/** Of an announcement, in bytes. */
const MAX_JSON = 4096;
/** An upload that takes longer is cut, and can be sent again. */
const REQUEST_TIMEOUT_MS = 30 * 60_000;
const IDLE_TIMEOUT_MS = 60_000;
const BINARY = 'application/octet-stream';

const STATUS: Partial<Record<ErrorCode, number>> = {
  QP6501: 401,
  QP6502: 403,
  QP6503: 401,
  QP6504: 400,
  QP6505: 400,
  QP6506: 404,
  QP6507: 422,
  QP6508: 409,
  QP6509: 413,
  QP6510: 429,
  QP6511: 409,
};

interface RoundRoute {
  Params: { readonly id: string; readonly part: string };
}

/** What the HTTP side asks of a service. */
export type Contributions = Pick<
  ContributorService,
  'info' | 'announce' | 'receive' | 'status' | 'result' | 'forget'
>;

/** The HTTP side of a contributor service. Requests are let in by their headers, before any of their content is read. */
export function contributorServer(service: Contributions, authenticator: Authenticator): FastifyInstance {
  const server = fastify({
    bodyLimit: MAX_JSON,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_TIMEOUT_MS,
    keepAliveTimeout: 5000,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  server.addContentTypeParser(BINARY, (_request, content, done) => done(null, content));
  server.setErrorHandler((error, _request, reply) => refuse(reply, error));
  server.setNotFoundHandler((_request, reply) => refuse(reply, new QuietproofError('QP6506')));
  server.get('/v1', () => service.info);
  server.register(async (rounds) => {
    const known = new WeakMap<FastifyRequest, Authenticated>();
    const by = (request: FastifyRequest): Authenticated => {
      const found = known.get(request);
      if (found === undefined) throw new QuietproofError('QP6501');
      return found;
    };
    rounds.addHook('onRequest', async (request) => {
      known.set(request, authenticator.check(request.method, request.url, request.headers));
    });
    rounds.put<RoundRoute>('/v1/rounds/:id', (request) => {
      const content = request.body as Uint8Array | undefined;
      const { request: signed, ...producer } = by(request);
      if (content === undefined || signed.digest === undefined) throw new QuietproofError('QP6505');
      if (sha256(content) !== Buffer.from(signed.digest).toString('hex')) throw new QuietproofError('QP6504');
      return service.announce(request.params.id, readRoundRequest(content), producer);
    });
    rounds.put<RoundRoute>('/v1/rounds/:id/:part', (request) => {
      const { keyId, request: signed } = by(request);
      const { id, part } = request.params;
      if (signed.digest === undefined || !isPart(part)) throw new QuietproofError('QP6505');
      const digest = Buffer.from(signed.digest).toString('hex');
      return service.receive(id, keyId, part, digest, request.body as Readable);
    });
    rounds.get<RoundRoute>('/v1/rounds/:id', (request) =>
      service.status(request.params.id, by(request).keyId),
    );
    rounds.delete<RoundRoute>('/v1/rounds/:id', (request) =>
      service.forget(request.params.id, by(request).keyId),
    );
    rounds.get<RoundRoute>('/v1/rounds/:id/:part', async (request, reply) => {
      const { id, part } = request.params;
      if (part !== 'returned' && part !== 'statement') throw new QuietproofError('QP6506');
      const file = service.result(id, by(request).keyId, part);
      const { size } = await stat(file);
      return reply.type(BINARY).header('content-length', size).send(createReadStream(file));
    });
  });
  return server;
}

function isPart(part: string): part is RoundPart {
  return part === 'file' || part === 'r1cs';
}

/** What went wrong inside is nothing for strangers. */
function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof QuietproofError && STATUS[error.code] !== undefined) {
    const { code, what } = error;
    return reply.status(STATUS[code]!).send({ code, what } satisfies RoundRefusal);
  }
  const status = (error as { statusCode?: number }).statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    return reply
      .status(status)
      .send({ code: 'QP6505', what: 'The request cannot be read' } satisfies RoundRefusal);
  }
  const { code, what } = new QuietproofError('QP6514');
  return reply.status(500).send({ code, what } satisfies RoundRefusal);
}
