import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type KeptExchange, keptHeaders } from '../store/kept-exchange.ts';
import { Collected } from './collected.ts';
import { passedOn } from './passed-headers.ts';
import type { ProxyOptions } from './proxy-options.ts';

/** Rather too many than too few: what is no answer of a model is found to be none. */
export function isInference({ method, url }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  return method === 'POST' && /\/infer\/?$/i.test(pathOf(url!));
}

/** A server may decode the path before it looks for what answers. */
function pathOf(url: string): string {
  const [path] = url.split('?');
  try {
    return decodeURIComponent(path!);
  } catch {
    return path!;
  }
}

/** Others are no answers, whatever is in them. */
export function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

interface Answered extends Pick<ProxyOptions, 'keep'> {
  readonly request: IncomingMessage;
  readonly asked: Collected;
  readonly answer: IncomingMessage;
  readonly response: ServerResponse;
  readonly mostKept: number;
}

/** Hands an answer on when it is kept. Of one that is too long, the beginning is kept. */
export function handOnKept(answered: Answered): void {
  const { answer, mostKept } = answered;
  const collected = new Collected(mostKept);
  const chunks: Buffer[] = [];
  const hear = (chunk: Buffer) => {
    chunks.push(chunk);
    collected.add(chunk);
    if (!collected.truncated) return;
    answer.off('data', hear).off('end', end).pause();
    handOnLong(answered, collected, chunks);
  };
  const end = () => handOnWhole(answered, collected);
  answer.on('data', hear).on('end', end);
}

function handOnWhole(answered: Answered, collected: Collected): void {
  const { request, answer, response, keep } = answered;
  keep(exchangeOf(answered, collected), request);
  const body = collected.bytes();
  const headers = passedOn(answer.rawHeaders, ['content-length']);
  headers.push('Content-Length', String(body.length));
  response.writeHead(answer.statusCode!, answer.statusMessage!, headers);
  response.end(body);
}

function handOnLong(answered: Answered, collected: Collected, chunks: readonly Buffer[]): void {
  const { request, answer, response, keep } = answered;
  keep(exchangeOf(answered, collected), request);
  response.writeHead(answer.statusCode!, answer.statusMessage!, passedOn(answer.rawHeaders));
  for (const chunk of chunks) response.write(chunk);
  answer.pipe(response);
}

function exchangeOf({ request, asked, answer }: Answered, collected: Collected): KeptExchange {
  return {
    id: randomUUID(),
    at: Date.now() / 1000,
    path: request.url!,
    ...(request.headers.authorization !== undefined && { authorized: true }),
    request: { headers: keptHeaders(request.headers), body: asked.bytes() },
    response: {
      status: answer.statusCode!,
      headers: keptHeaders(answer.headers),
      body: collected.bytes(),
      ...(collected.truncated && { truncated: true }),
    },
  };
}
