import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { QuietproofError } from '../../../errors/quietproof-error.ts';

/** Paths of C2SP tlog-tiles: nothing else in the folder is for others. */
const TILE = /^tile\/(?:entries|\d{1,2})\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?$/;

/** The log as static files under /log/. */
export function addLogFiles(app: FastifyInstance, folder: string): void {
  app.get('/log/*', async (request: FastifyRequest<{ Params: { readonly '*': string } }>, reply) => {
    const name = request.params['*'];
    const isTile = TILE.test(name);
    if (!isTile && name !== 'checkpoint') throw new QuietproofError('QP6589');
    const content = await readFile(path.join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new QuietproofError('QP6589') : error;
    });
    reply.type(isTile ? 'application/octet-stream' : 'text/plain; charset=utf-8');
    reply.header('Cache-Control', isTile ? 'public, max-age=31536000, immutable' : 'no-cache');
    return reply.send(content);
  });
}
