import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { QuietproofError } from '../../../errors/quietproof-error.ts';

/** Paths of C2SP tlog-tiles, and timestamps beside them: nothing else in the folder is for others. */
const TILE = /^tile\/(?:entries|\d{1,2})\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?$/;
const TIMESTAMP = /^timestamp\/\d{1,16}\/(?:checkpoint|[\w.-]{1,128}\.tsr)$/;
const CHANGING = { checkpoint: 'text/plain; charset=utf-8', 'timestamp/list': 'application/jsonl' } as const;

/** The log as static files under /log/. */
export function addLogFiles(app: FastifyInstance, folder: string): void {
  app.get('/log/*', async (request: FastifyRequest<{ Params: { readonly '*': string } }>, reply) => {
    const name = request.params['*'];
    const isFinal = TILE.test(name) || TIMESTAMP.test(name);
    if (!isFinal && !Object.hasOwn(CHANGING, name)) throw new QuietproofError('QP6589');
    const content = await readFile(path.join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new QuietproofError('QP6589') : error;
    });
    reply.type(isFinal ? 'application/octet-stream' : CHANGING[name as keyof typeof CHANGING]);
    reply.header('Cache-Control', isFinal ? 'public, max-age=31536000, immutable' : 'no-cache');
    return reply.send(content);
  });
}
