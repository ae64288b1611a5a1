import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import { BODY_LIMIT } from '../base-app.ts';
import type { InferBody } from './read-request.ts';

/** Bodies of all types arrive as bytes: clients of the protocol differ in the type that they name. */
export function takeBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
}

const DECODERS = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const;

/**
 * The body of a request as it was before the client compressed it.
 *
 * @throws QP6581, QP6585
 */
export async function readBody(request: FastifyRequest): Promise<InferBody> {
  const given = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const bytes = await decoded(given, request.headers['content-encoding']);
  const length = request.headers['inference-header-content-length'];
  if (length === undefined) return { bytes };
  if (typeof length !== 'string' || !/^\d{1,9}$/.test(length)) {
    throw new QuietproofError('QP6581', { what: 'Inference-Header-Content-Length is no length' });
  }
  return { bytes, jsonLength: Number(length) };
}

async function decoded(bytes: Buffer, encoding: string | undefined): Promise<Uint8Array> {
  if (encoding === undefined || encoding === 'identity') return bytes;
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw new QuietproofError('QP6581', { what: 'The content encoding is neither gzip nor deflate' });
  }
  try {
    return await DECODERS[encoding](bytes, { maxOutputLength: BODY_LIMIT });
  } catch (error) {
    if (error instanceof RangeError) throw new QuietproofError('QP6585');
    throw new QuietproofError('QP6581', { what: `The body is no ${encoding}` });
  }
}
