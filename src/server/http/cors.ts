import type { FastifyInstance } from 'fastify';
import { QuietproofError } from '../../errors/quietproof-error.ts';

/** What clients of the protocol send, and the watch. */
const SENT = [
  'Authorization',
  'Content-Encoding',
  'Content-Type',
  'Inference-Header-Content-Length',
  'X-Context',
];
/** What they read besides what every page may read. */
const READ = ['Inference-Header-Content-Length', 'Link', 'Retry-After', 'X-Receipt-Id'];
/** Seconds for which a browser remembers that it may ask. */
const REMEMBERED = '600';

/**
 * Lets pages of other origins ask, by the CORS protocol: exactly those that are named. Cookies and other credentials of the
 * browser are not among what they may send; tokens are a header.
 *
 * @param origins scheme, host and port as browsers send them, e.g. `https://shop.example`
 * @throws QP6591 for what is no origin
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  const allowed = new Set(origins.map(requireOrigin));
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    // Also for those who get nothing: a cache must not give one origin the answer to another.
    reply.header('Vary', 'Origin');
    if (origin === undefined || !allowed.has(origin)) return done();
    reply.header('Access-Control-Allow-Origin', origin);
    reply.header('Access-Control-Expose-Headers', READ.join(', '));
    const isPreflight =
      request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    if (!isPreflight) return done();
    reply.header('Access-Control-Allow-Methods', 'GET, POST');
    reply.header('Access-Control-Allow-Headers', SENT.join(', '));
    reply.header('Access-Control-Max-Age', REMEMBERED);
    reply.status(204).send();
  });
}

/** Neither `*` nor `null` is one: every page on the Internet, and every file, would be meant. */
function requireOrigin(text: string): string {
  const isOrigin = /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
  if (isOrigin) return text;
  throw new QuietproofError('QP6591', {
    what: 'It is no origin of pages',
    where: `--cors-origin ${text}`,
    fix: 'Write scheme, host and port as browsers do, without a path: https://shop.example',
  });
}
