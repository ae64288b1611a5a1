/** A request that was sent and the answer that came, as they are kept until they are checked. */
export interface KeptExchange {
  /** No other exchange has it. */
  readonly id: string;
  /** When the answer arrived, in seconds since 1970. */
  readonly at: number;
  /** Of the request, with its query. */
  readonly path: string;
  /** The request carried credentials, which are not kept. */
  readonly authorized?: true;
  readonly request: KeptMessage;
  readonly response: KeptMessage & {
    readonly status: number;
    /** It was longer than what is kept of an answer. */
    readonly truncated?: true;
  };
}

export interface KeptMessage {
  /** Names in lower case; only those that are needed to read the body. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** No other header is kept: there may be tokens in them. */
const KEPT_HEADERS = [
  'content-type',
  'content-encoding',
  'inference-header-content-length',
  'x-context',
  'x-receipt-id',
] as const;

/** @param headers names in lower case, as Node gives them */
export function keptHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headers[name];
    if (value !== undefined) kept[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return kept;
}
