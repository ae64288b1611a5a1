import { setTimeout as sleep } from 'node:timers/promises';
import type { RoundStatus } from '../../ceremony/rounds/round-types.ts';
import { sha256 } from '../../data/sha256.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { RoundArchive, RoundResult } from './round-archive.ts';
import { AGAIN, type RoundClient } from './round-client.ts';

const MAX_STATEMENT = 1 << 16;
/** What a contribution adds to a key at most. */
const MAX_GROWTH = 4096;

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** Between two questions whether it is done; in milliseconds. */
  readonly interval?: number;
  readonly onWait?: (text: string) => void;
}

/**
 * Has a contributor work on a round, from wherever an earlier attempt got to: what was announced is not announced otherwise,
 * what was uploaded is not uploaded again, and what was made is not made twice.
 *
 * @param sent the key or the points
 * @param r1cs if the round is to be compared with it
 * @throws QuietproofError QP6520, QP6522
 */
export async function askContributor(
  client: RoundClient,
  { round }: RoundArchive,
  sent: Uint8Array,
  r1cs: Uint8Array | undefined,
  { signal, interval = 500, onWait }: AskOptions = {},
): Promise<RoundResult> {
  const { id, request } = round;
  const contents = { file: sent, r1cs };
  let status = await client.announce(id, request);
  for (;;) {
    signal?.throwIfAborted();
    if (status.state === 'done') break;
    if (status.state === 'failed' || status.state === 'gone') throw new RoundEnded(status, client.url);
    const next = status.state === 'awaiting' ? status.awaits[0] : undefined;
    if (next !== undefined) {
      const content = contents[next];
      if (content === undefined) throw new RoundEnded(status, client.url);
      status = await client.upload(id, next, content);
      continue;
    }
    onWait?.(status.state === 'queued' ? `waiting, ${status.position} in the queue` : 'contributing');
    await sleep(interval, undefined, signal && { signal });
    status = await client.status(id);
  }
  const received = await client.result(id, 'returned', sent.length + MAX_GROWTH);
  if (sha256(received) !== status.returned.sha256) {
    const what = 'The contributor could not be reached: its answer was cut off';
    throw new QuietproofError('QP6520', { what, where: client.url, fix: AGAIN });
  }
  return { received, statement: await client.result(id, 'statement', MAX_STATEMENT) };
}

/** The contributor does not go on with this round. Another one may succeed. */
export class RoundEnded extends QuietproofError {
  constructor(status: RoundStatus, where: string) {
    const why = status.state === 'failed' ? `${status.code} ${status.what}` : `the round is ${status.state}`;
    super('QP6522', { what: `The contributor refused: ${why}`, where, fix: AGAIN });
  }
}
