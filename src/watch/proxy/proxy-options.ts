import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeptExchange } from '../store/kept-exchange.ts';

export interface ProxyOptions {
  /** Whatever is asked for here is asked for there; a path in it comes before the path of a request. */
  readonly upstream: URL;
  /** Keeps a request and its answer, before the answer is handed on. Does not throw. */
  readonly keep: (exchange: KeptExchange, request: IncomingMessage) => void;
  /** Answers what is asked of the watch itself. @returns whether it does */
  readonly own: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Bytes of a request, and of an answer, that are kept. Default: 16 MiB. */
  readonly mostKept?: number;
}
