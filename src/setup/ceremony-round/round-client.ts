import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { keyIdOf, publicKeyIn } from '@quietproof/verify';
import {
  PROTOCOL,
  type RoundPart,
  type RoundRequest,
  type RoundStatus,
  roundPath,
  type ServiceInfo,
} from '../../ceremony/rounds/round-types.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { signatureHeaders } from '../../sign/http-signature.ts';
import type { SigningKey } from '../../sign/signing-key.ts';

export interface ClientOptions {
  /** Signs the requests. */
  readonly key: SigningKey;
  readonly signal?: AbortSignal;
  /** Attempts of a request whose connection breaks, and the wait before the second, which doubles; in milliseconds. */
  readonly attempts?: number;
  readonly pause?: number;
}

/** Far above what the service answers to anything but a request for a result. */
const MAX_ANSWER = 1 << 16;
const TIMEOUT_MS = 30 * 60_000;

/** Speaks with one contributor service, and says in every error which one it was. */
export class RoundClient {
  /** As the user gave it, for errors. */
  readonly url: string;
  readonly #base: URL;
  /** Of the service, if the user knows it. */
  readonly #pinned: string | undefined;
  readonly #options: ClientOptions;
  #info: ServiceInfo | undefined;

  /**
   * @param url of the service; with its key id after a `#`, no other service is spoken to
   * @throws QuietproofError QP6520
   */
  constructor(url: string, options: ClientOptions) {
    this.url = url;
    this.#options = options;
    this.#base = this.#parse(url);
    this.#pinned = this.#base.hash === '' ? undefined : this.#base.hash.slice(1);
  }

  /** @throws QuietproofError QP6520 (not reached), QP6522 (it is no such service, or another than the pinned one) */
  async info(): Promise<ServiceInfo> {
    if (this.#info !== undefined) return this.#info;
    const answer = await this.#send('GET', '/v1');
    const info = this.#json(await this.#content(answer, MAX_ANSWER)) as Partial<ServiceInfo>;
    const { version, name, keyId, key } = info;
    const isService = version === PROTOCOL && typeof name === 'string' && typeof key === 'string';
    if (!isService) throw this.#refused('it is no contributor service, or of another version');
    const spki = Buffer.from(key, 'base64');
    if (publicKeyIn(spki) === undefined || keyIdOf(spki) !== keyId)
      throw this.#refused('its key is unusable');
    if (this.#pinned !== undefined && keyId !== this.#pinned) {
      throw this.#refused(`its key is ${keyId}, not the one after # in its address`);
    }
    this.#info = info as ServiceInfo;
    return this.#info;
  }

  announce(id: string, request: RoundRequest): Promise<RoundStatus> {
    return this.#status('PUT', roundPath(id), Buffer.from(JSON.stringify(request)), 'application/json');
  }

  upload(id: string, part: RoundPart, content: Uint8Array): Promise<RoundStatus> {
    return this.#status('PUT', roundPath(id, part), content, 'application/octet-stream');
  }

  status(id: string): Promise<RoundStatus> {
    return this.#status('GET', roundPath(id));
  }

  forget(id: string): Promise<RoundStatus> {
    return this.#status('DELETE', roundPath(id));
  }

  async result(id: string, part: 'returned' | 'statement', maxBytes: number): Promise<Uint8Array> {
    return this.#content(await this.#signed('GET', roundPath(id, part)), maxBytes);
  }

  async #status(method: string, path: string, content?: Uint8Array, type?: string): Promise<RoundStatus> {
    const answer = await this.#signed(method, path, content, type);
    const status = this.#json(await this.#content(answer, MAX_ANSWER)) as RoundStatus;
    if (typeof status?.state !== 'string') throw this.#refused('its answer has another form');
    return status;
  }

  async #signed(method: string, path: string, content?: Uint8Array, type?: string): Promise<Response> {
    const { keyId } = await this.info();
    const digest = content === undefined ? undefined : createHash('sha256').update(content).digest();
    const request = { method, path: this.#pathOf(path), to: keyId, ...(digest && { digest }) };
    // A new signature for every attempt: each is good once.
    const headers = () => ({
      ...signatureHeaders(request, this.#options.key, {
        created: Math.floor(Date.now() / 1000),
        nonce: randomBytes(16).toString('hex'),
      }),
      ...(type !== undefined && { 'content-type': type }),
    });
    return this.#send(method, path, headers, content);
  }

  async #send(
    method: string,
    path: string,
    headers: () => Record<string, string> = () => ({}),
    content?: Uint8Array,
  ): Promise<Response> {
    const { attempts = 5, pause = 500, signal } = this.#options;
    const url = new URL(this.#pathOf(path), this.#base);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const timeout = AbortSignal.timeout(TIMEOUT_MS);
        const answer = await fetch(url, {
          method,
          headers: headers(),
          redirect: 'error',
          signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
          ...(content !== undefined && { body: Buffer.from(content) }),
        });
        if (answer.ok) return answer;
        if (answer.status < 500) throw await this.#refusal(answer);
        throw new Error(`HTTP ${answer.status}`);
      } catch (error) {
        if (error instanceof QuietproofError) throw error;
        signal?.throwIfAborted();
        if (attempt >= attempts) throw this.#unreachable(error);
        await sleep(pause * 2 ** (attempt - 1), undefined, signal && { signal });
      }
    }
  }

  /** The connection may break here too. */
  async #content(answer: Response, most: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of answer.body ?? []) {
        size += chunk.length;
        if (size > most) break;
        chunks.push(chunk);
      }
    } catch (error) {
      throw this.#unreachable(error);
    }
    if (size > most) throw this.#refused(`it answers with more than ${most} bytes`);
    return Buffer.concat(chunks);
  }

  async #refusal(answer: Response): Promise<QuietproofError> {
    const text = Buffer.from(await this.#content(answer, MAX_ANSWER)).toString();
    const { code, what } = (() => {
      try {
        return JSON.parse(text) as { code?: unknown; what?: unknown };
      } catch {
        return {} as { code?: unknown; what?: unknown };
      }
    })();
    return this.#refused(`HTTP ${answer.status}, ${clean(code)} ${clean(what)}`);
  }

  #json(content: Uint8Array): unknown {
    try {
      return JSON.parse(Buffer.from(content).toString());
    } catch {
      throw this.#refused('its answer is no JSON');
    }
  }

  #pathOf(path: string): string {
    return `${this.#base.pathname.replace(/\/$/, '')}${path}`;
  }

  #parse(url: string): URL {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    const isHttp = parsed?.protocol === 'https:' || parsed?.protocol === 'http:';
    if (parsed !== undefined && isHttp && parsed.search === '' && /^(#[0-9a-f]{64})?$/.test(parsed.hash))
      return parsed;
    throw new QuietproofError('QP6520', {
      what: 'This is no address of a contributor',
      where: url,
      fix: 'Give https://<host>/, and after a # the key id of the contributor, if you know it',
    });
  }

  #refused(why: string): QuietproofError {
    return new QuietproofError('QP6522', {
      what: `The contributor refused: ${why}`,
      where: this.url,
      fix: AGAIN,
    });
  }

  #unreachable(cause: unknown): QuietproofError {
    const reason =
      cause instanceof Error ? ((cause.cause as Error | undefined)?.message ?? cause.message) : '';
    const what = `The contributor could not be reached: ${clean(reason)}`;
    return new QuietproofError('QP6520', { what, where: this.url, fix: AGAIN, cause });
  }
}

/** What holds for every contributor that fails. */
export const AGAIN =
  'Nothing is lost: run the same command again, with this contributor or, leaving out its --with, without it';

/** A stranger's text, for people. */
function clean(text: unknown): string {
  return typeof text === 'string' ? text.replace(/[\p{C}\u2028\u2029]/gu, '?').slice(0, 300) : '';
}
