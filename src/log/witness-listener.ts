import type { IncomingMessage, RequestListener } from 'node:http';
import type { Witness, WitnessAnswer } from './witness.ts';
import { MAX_REQUEST } from './witness-request.ts';

/** Serves a witness over HTTP, for `createServer` of node:http: `POST <any prefix>/add-checkpoint`. */
export function witnessListener(witness: Witness): RequestListener {
  return (request, response) => {
    answerTo(witness, request).then(
      ({ status, contentType = 'text/plain; charset=utf-8', body }) => {
        response.writeHead(status, { 'content-type': contentType }).end(body);
      },
      // Its own disk: the log may ask again.
      () => response.writeHead(500).end(),
    );
  };
}

type Answer = Omit<WitnessAnswer, 'status'> & { readonly status: number };

async function answerTo(witness: Witness, request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', 'http://witness');
  if (!pathname.endsWith('/add-checkpoint')) return { status: 404, body: 'no such address\n' };
  if (request.method !== 'POST') return { status: 405, body: 'POST only\n' };
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > MAX_REQUEST) return { status: 413, body: 'too long\n' };
    parts.push(part);
  }
  return witness.addCheckpoint(Buffer.concat(parts).toString('utf8'));
}
