import { QuietproofError } from '../../errors/quietproof-error.ts';
import { Busy } from './busy.ts';
import type { EndpointEvent, Question, SealedAnswer } from './endpoint.ts';
import type { OpenModels } from './open-models.ts';
import type { RecordWriter, Written } from './record-writer.ts';
import type { Sealer } from './sealer.ts';
import type { SealedRecord } from './store/answer-store.ts';

/** Seconds after which clients are told to come again, at most. */
export const LONGEST_RETRY = 300;

export interface AnsweringOptions {
  readonly models: OpenModels;
  readonly sealer: Sealer;
  readonly writer: RecordWriter;
  /** Proofs that are due. */
  readonly backlog: () => { readonly oldest: number; readonly waiting: number };
  /** Seconds: while a proof has been due for longer, no answers are given. */
  readonly longestWait: number;
  /** Called when the artifact is open, right before sealing. @throws if the model does not answer */
  readonly requireServed: (model: Question['model']) => void;
  /** Told each record as soon as it is durable. */
  readonly onSealed?: (written: Written<SealedRecord>, policy: Question['model']['policy']) => void;
  readonly onEvent: (event: EndpointEvent) => void;
}

/** Executes a model, seals what came out, and gives it with the log's promise. */
export class Answering {
  readonly #options: AnsweringOptions;
  #isBehind = false;
  #closed = false;
  /** Answers given. */
  answers = 0;
  /** Questions refused since proofs are too late. */
  refused = 0;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  /** @throws Busy QP6551; QP6552; as `requireServed`, `OpenModels.answerer` and `Sealer.seal` */
  async answer({ model, row, context }: Question): Promise<SealedAnswer> {
    if (this.#closed) throw new QuietproofError('QP6552');
    this.#requireInTime();
    const { models, sealer, requireServed, onSealed } = this.#options;
    const answerer = await models.answerer(model);
    // Nothing is awaited from here to sealing: the log names no answer of a model behind the entry that retires it.
    requireServed(model);
    const started = performance.now();
    const answer = answerer.answer(row);
    const executed = performance.now();
    const { policy } = model;
    const written = await sealer.seal({ answerer, answer, context, policy });
    onSealed?.(written, policy);
    this.answers += 1;
    this.#noticeClock();
    const { receiptId, index, statement, nonce, salt } = written.record;
    const promise = sealer.promise(written.record);
    const milliseconds = { execute: executed - started, seal: performance.now() - executed };
    const sent = { receiptId, index, outputs: answer.signals, promise, statement, nonce, milliseconds };
    return { ...sent, ...(salt !== undefined && { salt }) };
  }

  /** @throws Busy */
  #requireInTime(): void {
    const { backlog, longestWait } = this.#options;
    const { oldest, waiting } = backlog();
    const late = oldest - longestWait;
    if (late <= 0) return;
    this.refused += 1;
    const retryAfter = Math.min(LONGEST_RETRY, Math.max(1, late));
    throw new Busy(retryAfter, `A proof has been due for ${oldest} s, and ${waiting} wait`);
  }

  #noticeClock(): void {
    const seconds = this.#options.writer.clockBehind;
    if (seconds > 0 && !this.#isBehind) this.#options.onEvent({ kind: 'clock-set-back', seconds });
    this.#isBehind = seconds > 0;
  }

  /** Gives no more answers. */
  close(): void {
    this.#closed = true;
  }
}
