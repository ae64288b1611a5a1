import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { Collected } from './collected.ts';
import { handOnKept, isInference, isSuccess } from './inference.ts';
import { passedOn, requestHeaders } from './passed-headers.ts';
import type { ProxyOptions } from './proxy-options.ts';
import { type UpstreamClient, upstreamClient } from './upstream-client.ts';

const MOST_KEPT = 16 << 20;

/** A server that passes everything on, and has the answers of models kept. */
export function proxyServer(options: ProxyOptions): Server {
  const client = upstreamClient(options.upstream);
  const server = createServer((request, response) => {
    if (!options.own(request, response)) forward(options, client, request, response);
  });
  // How slow is too slow is for the client and the upstream to say.
  server.requestTimeout = 0;
  server.on('close', () => client.close());
  return server;
}

/** Plain events and pipes: `pipeline` and iterators would take most of the time that this takes. */
function forward(
  { upstream, keep, mostKept = MOST_KEPT }: ProxyOptions,
  client: UpstreamClient,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const isWatched = isInference(request);
  const sent = client.request({
    method: request.method,
    path: upstream.pathname.replace(/\/$/, '') + request.url!,
    headers: requestHeaders(request, upstream.host, isWatched),
  });
  response.on('close', () => {
    if (!response.writableFinished) sent.destroy();
  });
  sent.on('error', (error) => fail(response, error));
  request.on('error', () => sent.destroy());
  const asked = isWatched ? new Collected(mostKept) : undefined;
  if (asked !== undefined) request.on('data', (chunk: Buffer) => asked.add(chunk));
  request.pipe(sent);
  sent.on('response', (answer) => {
    answer.on('error', (error) => fail(response, error));
    response.sendDate = false;
    if (asked !== undefined && isSuccess(answer))
      handOnKept({ request, asked, answer, response, mostKept, keep });
    else handOn(answer, response);
  });
}

function handOn(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode!, answer.statusMessage!, passedOn(answer.rawHeaders));
  answer.pipe(response);
}

/** The client learns that the upstream failed, in the form in which servers of ours say so. */
function fail(response: ServerResponse, cause: NodeJS.ErrnoException): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { code, what } = new QuietproofError('QP6451', {
    what: `The endpoint behind the watch does not answer${cause.code === undefined ? '' : `: ${cause.code}`}`,
  });
  response.writeHead(502, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ error: `${code} ${what}`, code }));
}
