import type { IncomingMessage, ServerResponse } from 'node:http';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { WatchReport } from '../report.ts';
import { metricsText } from './metrics.ts';
import { isOwnPath, OWN_PATHS } from './own-paths.ts';
import { alarmKey } from './sections.ts';
import { statusPage } from './status-page.ts';

export interface OwnPagesOptions {
  readonly report: () => Promise<WatchReport>;
  /** Of receipts. */
  readonly style: string;
}

interface Answer {
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers what is asked of the watch itself. They change nothing: pages of the endpoint have the same origin as these. */
export function ownPages(options: OwnPagesOptions) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (!isOwnPath(request.url!)) return false;
    request.resume();
    answer(options, request, response).catch((error: unknown) => fail(response, error));
    return true;
  };
}

async function answer(
  { report, style }: OwnPagesOptions,
  { method, url }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = url!.split('?')[0]!.replace(/\/$/, '');
  const own = method === 'GET' || method === 'HEAD' ? answerTo(path, await report(), style) : undefined;
  if (own === undefined) throw new QuietproofError('QP6455');
  const { type, text, headers } = own;
  response.writeHead(200, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...headers,
  });
  response.end(method === 'HEAD' ? undefined : text);
}

function answerTo(path: string, report: WatchReport, style: string): Answer | undefined {
  if (path === OWN_PATHS.page) {
    const { text, policy } = statusPage(report, style);
    return { type: 'text/html; charset=utf-8', text, headers: { 'content-security-policy': policy } };
  }
  if (path === OWN_PATHS.metrics)
    return { type: 'text/plain; version=0.0.4; charset=utf-8', text: metricsText(report) };
  const json = jsonAt(path, report);
  return json === undefined ? undefined : { type: 'application/json', text: json };
}

function jsonAt(path: string, report: WatchReport): string | undefined {
  if (path === OWN_PATHS.status) return JSON.stringify(report);
  if (!path.startsWith(OWN_PATHS.evidence)) return undefined;
  const key = path.slice(OWN_PATHS.evidence.length);
  return report.alarms.find((alarm) => alarmKey(alarm) === key)?.evidence;
}

function fail(response: ServerResponse, error: unknown): void {
  const known = error instanceof QuietproofError ? error : new QuietproofError('QP6454', { cause: error });
  const { code, what } = known;
  response.writeHead(code === 'QP6455' ? 404 : 500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: `${code} ${what}`, code }));
}
