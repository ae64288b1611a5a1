import type { FastifyInstance, FastifyRequest } from 'fastify';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import type { Endpoint } from '../../serve/endpoint.ts';

/** Paths of C2SP tlog-tiles, and timestamps beside them: nothing else is for others. */
const TILE = /^tile\/(?:entries|\d{1,2})\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?$/;
const TIMESTAMP = /^timestamp\/\d{1,16}\/(?:checkpoint|[\w.-]{1,128}\.tsr)$/;
const CHANGING = { checkpoint: 'text/plain; charset=utf-8', 'timestamp/list': 'application/jsonl' } as const;

/** The log as static files under /log/. */
export function addLogFiles(app: FastifyInstance, endpoint: Pick<Endpoint, 'logFile'>): void {
  app.get('/log/*', async (request: FastifyRequest<{ Params: { readonly '*': string } }>, reply) => {
    const name = request.params['*'];
    const isFinal = TILE.test(name) || TIMESTAMP.test(name);
    if (!isFinal && !Object.hasOwn(CHANGING, name)) throw new QuietproofError('QP6589');
    const content = await endpoint.logFile(name);
    if (content === undefined) throw new QuietproofError('QP6589');
    reply.type(isFinal ? 'application/octet-stream' : CHANGING[name as keyof typeof CHANGING]);
    reply.header('Cache-Control', isFinal ? 'public, max-age=31536000, immutable' : 'no-cache');
    return reply.send(content);
  });
}
