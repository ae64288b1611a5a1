import type { IncomingMessage } from 'node:http';
import { acceptable } from './encodings.ts';

/** Headers that are about one connection, and are not passed on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // Answered by this server itself.
  'expect',
]);

export type RawHeaders = readonly string[];

/**
 * Headers as they came, names and values in turn, without those that are about the connection.
 *
 * @param also names of others to leave out, in lower case
 */
export function passedOn(raw: RawHeaders, also: readonly string[] = []): string[] {
  const named = namedByConnection(raw);
  const passed: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (!HOP_BY_HOP.has(name) && !also.includes(name) && !named.includes(name))
      passed.push(raw[i]!, raw[i + 1]!);
  }
  return passed;
}

function namedByConnection(raw: RawHeaders): string[] {
  const names: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]!.toLowerCase() === 'connection')
      names.push(...raw[i + 1]!.split(',').map((name) => name.trim().toLowerCase()));
  }
  return names;
}

/** Headers of a request, for the host that it goes to. Those of inference accept only answers that can be read here. */
export function requestHeaders(request: IncomingMessage, host: string, isInference: boolean): string[] {
  const { rawHeaders, headers } = request;
  const passed = [
    'Host',
    host,
    ...passedOn(rawHeaders, isInference ? ['host', 'accept-encoding'] : ['host']),
  ];
  const accepted = headers['accept-encoding'];
  if (isInference && accepted !== undefined) passed.push('Accept-Encoding', String(acceptable(accepted)));
  // A body of unknown length stays one, and no body stays none.
  if (headers['transfer-encoding'] !== undefined) passed.push('Transfer-Encoding', 'chunked');
  else if (headers['content-length'] === undefined && !BODYLESS.has(request.method!))
    passed.push('Content-Length', '0');
  return passed;
}

/** Methods for which Node sends no length of itself. */
const BODYLESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);
