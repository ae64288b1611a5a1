import { QuietproofError } from '../errors/quietproof-error.ts';
import type { ErrorCode } from '../errors/registry.ts';

export interface PostRequest {
  readonly url: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the whole exchange, in milliseconds. */
  readonly timeout: number;
  /** Bytes of an answer. */
  readonly limit: number;
  /** If there is no whole answer within these bounds. */
  readonly unreachable: ErrorCode;
  /** Aborted to end the exchange before that. */
  readonly signal?: AbortSignal;
}

export interface PostAnswer {
  readonly status: number;
  /** Without parameters, in lower case. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * Sends a request to a service that others run, which may answer anything, slowly, or not at all. Redirects are not
 * followed.
 *
 * @throws QuietproofError with the code `unreachable`
 */
export async function post(request: PostRequest): Promise<PostAnswer> {
  const { url, body, contentType, headers, timeout, limit, unreachable, signal } = request;
  const ends = [AbortSignal.timeout(timeout), ...(signal === undefined ? [] : [signal])];
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { ...headers, 'content-type': contentType },
      redirect: 'error',
      signal: AbortSignal.any(ends),
    });
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    return {
      status: response.status,
      contentType: type.trim().toLowerCase(),
      body: await limited(response, limit),
    };
  } catch (cause) {
    throw new QuietproofError(unreachable, { where: url, cause });
  }
}

async function limited(response: Response, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > limit) throw new Error(`the answer has more than ${limit} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
