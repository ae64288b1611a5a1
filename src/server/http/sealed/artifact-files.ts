import { createReadStream } from 'node:fs';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import type { ServedFiles } from '../../fleet/served-files.ts';

/** Files of artifacts by digest, for the workers of the same operator. Whose key is another one learns nothing. */
export function addArtifactFiles(app: FastifyInstance, files: ServedFiles): void {
  app.get(
    '/fleet/files/:sha256',
    async (request: FastifyRequest<{ Params: { readonly sha256: string } }>, reply) => {
      if (!files.admits(request.headers.authorization)) throw new QuietproofError('QP6586');
      const file = files.fileOf(request.params.sha256);
      if (file === undefined) throw new QuietproofError('QP6589');
      return reply.type('application/octet-stream').send(createReadStream(file));
    },
  );
}
