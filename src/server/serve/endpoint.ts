import type { Envelope, ModelRecordV2, OpeningV2 } from '@quietproof/verify';
import type { Nonce, PromiseEnvelope, ProvingPolicy } from '@quietproof/verify/seal';
import type { EncodedRow } from '../../prove/encode-rows.ts';

/** Models that answer, each answer sealed before it is given and proved afterwards. Times in seconds since 1970. */
export interface Endpoint {
  /** Name of the log. */
  readonly origin: string;
  /** Those that answer. Changes when a version is added or retired. */
  readonly models: readonly ServedModel[];
  readonly metrics: EndpointMetrics;

  /** A file of the log by its path, for web servers; undefined if there is none. What else is beside the log is nobody's business. */
  logFile(name: string): Promise<Uint8Array | undefined>;

  /**
   * Answers, and resolves when the answer's record is on disk.
   *
   * @throws Busy QP6551 while proofs are too far behind; QP6552 closing; QP6559 the model was retired; QP6556,
   *   QP8001–QP8008 the record cannot be written
   */
  answer(question: Question): Promise<SealedAnswer>;

  /** @param id of a receipt; undefined if no answer has it. Asks for nothing. */
  receipt(id: string): Promise<Receipt | undefined>;

  /** The same, and has the answer proved before all that nobody asked for. */
  ask(id: string): Promise<Receipt | undefined>;

  /**
   * Draws an answer by randomness of the caller. The first call decides.
   *
   * @param randomness 32 bytes
   * @throws QP6558 if a beacon decides about this answer, or nothing
   */
  reveal(id: string, randomness: Uint8Array): Promise<Revealed | undefined>;

  /**
   * What opens the input of an answer, for the provider: it holds the row. Undefined where inputs are public, and for what
   * is erased.
   */
  opening(id: string): Promise<OpeningV2 | undefined>;

  /** Hot swap: announces a version in the log, and answers by it from then on. Others of its name stay until retired. */
  add(model: ModelToServe): Promise<ServedModel>;

  /** Announces that a model answers no longer. What it has answered is still proved. @throws QP6559 */
  retire(modelId: string): Promise<void>;

  /** Gives no more answers, finishes what is being sealed or proved, and publishes the log up to the last answer. */
  close(): Promise<void>;
}

/** An endpoint that has its answers in this process. */
export interface LocalEndpoint extends Endpoint {
  /** The answers about which something is to be done, or was a moment ago: those that are in memory. */
  answers(): Iterable<AnswerState>;

  /** One of them. */
  answerState(id: string): AnswerState | undefined;

  /** Those whose proof was due before a time and is not there. */
  overdue(time: number): Iterable<AnswerState>;
}

/** A model to answer by. */
export interface ModelToServe {
  /** Ready to prove. */
  readonly artifactDir: string;
  /** Default: the name in its interface. */
  readonly name?: string;
  /** By the provider's own counting. Default: '1'. */
  readonly version?: string;
  readonly policy: ProvingPolicy;
}

export interface ServedModel {
  readonly name: string;
  readonly version: string;
  readonly modelId: string;
  readonly record: ModelRecordV2;
  readonly artifactDir: string;
  readonly policy: ProvingPolicy;
  /** When it was announced. */
  readonly since: number;
}

export interface Question {
  readonly model: ServedModel;
  /** As the model's encoding gives it: a row that it refuses never comes here. */
  readonly row: EncodedRow;
  /** The caller's part of the context; empty if there is none. */
  readonly context: Uint8Array;
}

/** What is sent with an answer: `checkPromise` of the verifier takes these parts. */
export interface SealedAnswer {
  /** Digest of the statement. */
  readonly receiptId: string;
  readonly index: number;
  /** Output signals, in order. */
  readonly outputs: readonly bigint[];
  readonly promise: PromiseEnvelope;
  readonly statement: Envelope;
  readonly nonce: Nonce;
  /** Decimal; where the input is a digest. */
  readonly salt?: string;
  readonly milliseconds: { readonly execute: number; readonly seal: number };
}

/** What is known of an answer without reading anything. */
export interface AnswerState extends KnownReceipt {
  readonly receiptId: string;
  readonly proved: boolean;
  /** Number of entries that the log had when it was written that something is to be done about it. */
  readonly position: number;
  /** By when there is to be a proof; missing where nothing has made it due. */
  readonly due?: number;
}

export type Receipt = SealedReceipt | QueuedReceipt | ProvedReceipt | ExpiredReceipt;

interface KnownReceipt {
  readonly modelId: string;
  readonly index: number;
  /** When it was sealed. */
  readonly time: number;
  /** When what opens and proves it is erased. */
  readonly expires: number;
}

/** Nobody has asked for its proof, and it was not drawn. */
export interface SealedReceipt extends KnownReceipt {
  readonly state: 'sealed';
}

export interface QueuedReceipt extends KnownReceipt {
  readonly state: 'queued';
  /** Proofs before it, at most; 0 while it is being proved. */
  readonly place: number;
  /** Seconds, an estimate. */
  readonly retryAfter: number;
  /** Why proving it was given up after many attempts; asking for it begins anew. */
  readonly givenUp?: string;
}

export interface ProvedReceipt extends KnownReceipt {
  readonly state: 'proved';
  /** A self-contained bundle with its log proof. */
  readonly bundle: string;
}

/** Was sealed here; what opens and proves it is erased. */
export interface ExpiredReceipt {
  readonly state: 'expired';
}

export interface Revealed {
  readonly drawn: boolean;
  readonly receipt: Receipt;
}

/** Since the endpoint was opened, unless said otherwise. */
export interface EndpointMetrics {
  readonly answers: number;
  /** Answers refused because proofs were too far behind. */
  readonly refused: number;
  /** Groups of answers that were made durable together. */
  readonly groups: number;
  readonly proved: number;
  /** Attempts to prove that failed, each of which is repeated later. */
  readonly failedProofs: number;
  /** Answers waiting for a proof now. */
  readonly waiting: number;
  /** Seconds since the oldest of them was due; 0 if none waits. */
  readonly oldestWaiting: number;
  /** Seconds of proving, each measured in its worker. */
  readonly proofSeconds: number;
  /** Entries of the log now, and those of them that its checkpoint covers. */
  readonly logEntries: number;
  readonly publishedEntries: number;
  /** Seconds by which the clock is behind the last entry: it was set back. Usually 0. */
  readonly clockBehind: number;
  /** Where several machines prove; then `proved`, `failedProofs` and `proofSeconds` are of all of them, ever. */
  readonly fleet?: FleetMetrics;
  readonly witnesses: readonly LogServiceMetrics[];
  /** Time-stamping authorities. */
  readonly authorities: readonly LogServiceMetrics[];
}

export interface FleetMetrics {
  /** Workers that showed a sign of life lately, and their threads. */
  readonly workers: number;
  readonly threads: number;
  readonly queues: readonly QueueMetrics[];
}

/** What waits for a proof by one model. */
export interface QueueMetrics {
  readonly name: string;
  readonly version: string;
  readonly waiting: number;
  /** Seconds since the oldest of them was due; 0 if none waits. */
  readonly oldest: number;
  /** Those that were given up. */
  readonly dead: number;
}

/** A service that signs trees of the log. */
export interface LogServiceMetrics {
  readonly name: string;
  /** Entries of the largest tree that it has signed, since the endpoint was opened (an authority: ever). */
  readonly entries: number;
  readonly failures: number;
}

/** What an operator should know; nothing about inputs or outputs. */
export type EndpointEvent =
  | { readonly kind: 'proved'; readonly receiptId: string; readonly seconds: number }
  | { readonly kind: 'proof-failed'; readonly receiptId: string; readonly error: unknown }
  | { readonly kind: 'publish-failed'; readonly error: unknown }
  | { readonly kind: 'witness-failed'; readonly witness: string; readonly error: unknown }
  | { readonly kind: 'timestamp-failed'; readonly authority: string; readonly error: unknown }
  | { readonly kind: 'webhook-failed'; readonly receiver: number; readonly error: unknown }
  | { readonly kind: 'beacon-failed'; readonly round: number; readonly error: unknown }
  | { readonly kind: 'erase-failed'; readonly error: unknown }
  | { readonly kind: 'look-failed'; readonly error: unknown }
  | { readonly kind: 'erased'; readonly modelId: string; readonly answers: number; readonly unproved: number }
  /** A start reads nothing about answers of earlier positions. */
  | { readonly kind: 'settled'; readonly position: number }
  | { readonly kind: 'clock-set-back'; readonly seconds: number };
