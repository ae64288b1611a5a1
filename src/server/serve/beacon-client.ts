import {
  type BeaconChain,
  type CheckedRound,
  checkRound,
  parseBeaconInfo,
  parseRound,
} from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';

/** Rounds of one beacon. */
export interface BeaconSource {
  readonly chain: BeaconChain;
  /** @throws QP6557 if it cannot be had now; Refusal QP7750, QP7751 if what came is not this round */
  round(number: number): Promise<CheckedRound>;
}

export interface BeaconAddress {
  /** Of a node or relay, e.g. `https://api.drand.sh`. */
  readonly url: string;
  /** Hash of the chain, which names its key and its times. */
  readonly chain: string;
}

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 1 << 14;

/** A beacon by the HTTP interface of drand. What comes is believed for its signature alone, whoever sends it. */
export class BeaconClient implements BeaconSource {
  readonly chain: BeaconChain;
  readonly #base: string;

  private constructor(chain: BeaconChain, base: string) {
    [this.chain, this.#base] = [chain, base];
  }

  /** @throws QP6557 if it cannot be reached, or has another chain; Refusal QP7750, QP7012 */
  static async open({ url, chain: hash }: BeaconAddress): Promise<BeaconClient> {
    const base = `${url.replace(/\/+$/, '')}/${hash}`;
    const chain = parseBeaconInfo(await get(`${base}/info`));
    if (chain.hash === hash) return new BeaconClient(chain, base);
    throw new QuietproofError('QP6557', { what: `The beacon is another one: ${chain.hash}`, where: base });
  }

  async round(number: number): Promise<CheckedRound> {
    const where = `${this.#base}/public/${number}`;
    const round = parseRound(await get(where));
    if (round.round === number) return checkRound(this.chain, round);
    throw new QuietproofError('QP6557', { what: `The beacon sent round ${round.round}`, where });
  }
}

async function get(url: string): Promise<Uint8Array> {
  const failed = (what: string, cause?: unknown) =>
    new QuietproofError('QP6557', { what, where: url, cause });
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    if (!response.ok) throw failed(`The beacon answers with status ${response.status}`);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body ?? []) {
      parts.push(part);
      length += part.length;
      if (length > MOST_BYTES) throw failed('The beacon sends more than a round');
    }
    return Buffer.concat(parts);
  } catch (cause) {
    throw cause instanceof QuietproofError ? cause : failed('The beacon cannot be reached', cause);
  }
}
