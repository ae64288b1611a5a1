import { randomBytes } from 'node:crypto';
import {
  type BeaconChain,
  ENTRY_VERSION,
  entryText,
  firstRoundFrom,
  type NamedRound,
  NONCE_BYTES,
  PROMISE_VERSION,
  type Promised,
  type PromiseEnvelope,
  type ProvingPolicy,
  sealContextId,
} from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { PromiseSigner } from '../../log/promise-signer.ts';
import type { ModelAnswer, ModelAnswerer } from '../../prove/model-answerer.ts';
import type { EntryPlace, RecordWriter, Written } from './record-writer.ts';
import type { SealedRecord } from './store/answer-store.ts';

export interface SealerOptions {
  readonly origin: string;
  readonly signer: PromiseSigner;
  /** Seconds from an answer to the checkpoint that covers it, as promised. */
  readonly includeWithin: number;
  readonly beacons: BeaconRounds;
}

/** What is known of beacons. */
export interface BeaconRounds {
  chain(hash: string): BeaconChain;
  /** The last round that is known to be out; 0 if none is. */
  latest(hash: string): number;
}

export interface AnswerToSeal {
  readonly answerer: ModelAnswerer;
  readonly answer: ModelAnswer;
  /** The caller's part of the context. */
  readonly context: Uint8Array;
  readonly policy: ProvingPolicy;
}

/** Seals answers: binds each to its place in the log, and promises that it will stand there. */
export class Sealer {
  readonly #writer: RecordWriter;
  readonly #options: SealerOptions;

  constructor(writer: RecordWriter, options: SealerOptions) {
    [this.#writer, this.#options] = [writer, options];
  }

  /**
   * @throws as `RecordWriter.entry`; QP6560
   */
  seal(answer: AnswerToSeal): Promise<Written<SealedRecord>> {
    return this.#writer.entry((place) => this.#record(answer, place));
  }

  #record({ answerer, answer, context, policy }: AnswerToSeal, { index, time }: EntryPlace): SealedRecord {
    const { origin, includeWithin } = this.#options;
    const nonce = randomBytes(NONCE_BYTES).toString('hex');
    const contextId = sealContextId({ origin, index }, nonce);
    const { statement, id, leaf, salt, row } = answerer.state(answer, { callerPart: context, contextId });
    const draw = this.#drawOf(policy, time);
    return {
      kind: 'sealed',
      modelId: answerer.model.ids.modelId,
      index,
      time,
      entry: entryText({ version: ENTRY_VERSION, kind: 'answer', time, leaf, ...(draw && { draw }) }),
      receiptId: id,
      statement,
      nonce,
      context: Buffer.from(context).toString('base64'),
      integers: row.integers,
      ...(row.input !== undefined && { input: row.input.map(String) }),
      ...(salt !== null && { salt: salt.toString() }),
      includeBy: time + includeWithin,
      ...(policy.prove === 'all' && { proveBy: time + policy.within }),
    };
  }

  /** @throws QP6560 if the round is known already: the clock is wrong, and whoever set it could choose what is drawn */
  #drawOf({ sample }: ProvingPolicy, time: number): NamedRound | undefined {
    if (sample?.beacon === undefined) return undefined;
    const { beacons } = this.#options;
    const round = firstRoundFrom(beacons.chain(sample.beacon), time + sample.delay);
    if (round <= beacons.latest(sample.beacon)) {
      throw new QuietproofError('QP6560', { where: `round ${round}`, fix: 'Set the clock of this machine' });
    }
    return { beacon: sample.beacon, round };
  }

  /** The log's word for a record: the same again whenever it is asked for. */
  promise({ index, entry, includeBy, proveBy }: SealedRecord): PromiseEnvelope {
    const { origin, signer } = this.#options;
    const promised: Promised = {
      version: PROMISE_VERSION,
      origin,
      index,
      entry,
      includeBy,
      ...(proveBy !== undefined && { proveBy }),
    };
    return signer.sign(promised);
  }
}
