import { QuietproofError } from '../../errors/quietproof-error.ts';
import { claimedSignature, requestSignatureHolds, type SignedRequest } from '../../sign/http-signature.ts';
import type { KnownProducers } from './known-producers.ts';

/** How far the clocks of producer and service may be apart, in seconds. */
const WINDOW = 300;
/** Nonces that are remembered: more within one window are refused, whoever sends them. */
const MAX_NONCES = 100_000;

/** Somebody whose signature holds. */
export interface Authenticated {
  readonly producer: string;
  readonly keyId: string;
  readonly request: SignedRequest;
}

/** Lets known producers in, once per signed request. */
export class Authenticator {
  readonly #own: string;
  readonly #producers: KnownProducers;
  readonly #now: () => number;
  readonly #started: number;
  /** With when they may be forgotten. */
  readonly #nonces = new Map<string, number>();

  /**
   * @param own key id of the service
   * @param now seconds since 1970
   */
  constructor(own: string, producers: KnownProducers, now: () => number) {
    this.#own = own;
    this.#producers = producers;
    this.#now = now;
    this.#started = now();
  }

  /** @throws QuietproofError QP6501 (form, or for another service), QP6502 (nobody known), QP6503 (old, or repeated) */
  check(
    method: string,
    path: string,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): Authenticated {
    const claimed = claimedSignature(method, path, headers);
    if (claimed === undefined) throw new QuietproofError('QP6501');
    if (claimed.request.to !== this.#own) {
      throw new QuietproofError('QP6501', { what: 'The request is for another contributor' });
    }
    const producer = this.#producers.get(claimed.keyid);
    if (producer === undefined || !requestSignatureHolds(claimed, producer.publicKey)) {
      throw new QuietproofError('QP6502');
    }
    this.#requireNew(claimed.keyid, claimed.nonce, claimed.created);
    return { producer: producer.name, keyId: claimed.keyid, request: claimed.request };
  }

  /** After a restart the nonces are forgotten; so are all requests from before it. */
  #requireNew(keyid: string, nonce: string, created: number): void {
    const now = this.#now();
    if (Math.abs(now - created) > WINDOW || created < this.#started) {
      throw new QuietproofError('QP6503', { what: 'The request is too old, or of a later time' });
    }
    for (const [one, until] of this.#nonces) {
      if (until >= now) break;
      this.#nonces.delete(one);
    }
    const name = `${keyid} ${nonce}`;
    if (this.#nonces.has(name)) throw new QuietproofError('QP6503', { what: 'The request was sent before' });
    if (this.#nonces.size >= MAX_NONCES) throw new QuietproofError('QP6510');
    this.#nonces.set(name, now + 2 * WINDOW);
  }
}
