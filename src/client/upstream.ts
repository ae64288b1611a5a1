/** The endpoint did not answer, or not as one that works. It is asked again later. */
export class Unreached extends Error {
  override readonly name = 'Unreached';
}

export interface UpstreamOptions {
  readonly fetch: typeof fetch;
  /** Sent with every request. */
  readonly headers: () => Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly bytes: Uint8Array;
  /** Seconds after which to ask again, if the endpoint says so. */
  readonly retryAfter: number | undefined;
}

export interface Question {
  readonly method?: 'GET' | 'POST';
  /** Bytes of an answer; a longer one is refused. */
  readonly most: number;
}

const TIMEOUT_MS = 30_000;

/** An HTTP server that is asked for what the watch checks. Nothing that it says is believed for that. */
export class Upstream {
  readonly base: string;
  readonly #options: UpstreamOptions;

  constructor(base: string, options: UpstreamOptions) {
    this.base = base.replace(/\/+$/, '');
    this.#options = options;
  }

  /** What is sent with a request now. */
  get headers(): Readonly<Record<string, string>> {
    return this.#options.headers();
  }

  /** @throws Unreached: no answer, a failure of the server, too many requests, an answer that is too long */
  async ask(path: string, { method = 'GET', most }: Question): Promise<Reply> {
    const where = `${this.base}${path}`;
    try {
      const { fetch: send } = this.#options;
      const init = { method, headers: this.headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
      const response = await send(where, { ...init, redirect: 'error', cache: 'no-store' });
      const { status } = response;
      if (status >= 500 || status === 429) throw new Unreached(`${where} answers with status ${status}`);
      const bytes = await readAtMost(response, most, where);
      const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
      return { status, bytes, retryAfter: Number.isFinite(wait) ? Math.max(1, wait) : undefined };
    } catch (error) {
      if (error instanceof Unreached) throw error;
      throw new Unreached(`${where} cannot be reached: ${reasonOf(error)}`);
    }
  }
}

async function readAtMost({ body }: Response, most: number, where: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { done: true };
    if (done || value === undefined) break;
    length += value.length;
    if (length > most) {
      await reader?.cancel();
      throw new Unreached(`${where} sends more than ${most} bytes`);
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? cause.message || cause.name : error.message;
}
