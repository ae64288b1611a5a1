import type { GivenStatement, Hex, ProofChecker } from '@quietproof/verify';
import type { LogTrust } from '@quietproof/verify/log';
import type { DrawPolicy } from '@quietproof/verify/seal';
import type { Alarm, Notice } from '../alarms/alarm-types.ts';
import type { WatchStore } from '../store/watch-store.ts';

export interface WatchOptions {
  /** Base address of the endpoint. */
  readonly upstream: string | URL;
  /** Those that the user relies on: an answer of any other one is an alarm. At least one. */
  readonly models: readonly ExpectedModel[];
  readonly store: WatchStore;
  /** Read again in every round, so that it may change. Without it, nobody vouches for models. */
  readonly trust?: () => Promise<GivenTrust> | GivenTrust;
  /**
   * The log of the answers, if the user knows it. Default: of the log that the endpoint names, what `trust` says; or, if
   * `trust` names no logs, the key that the endpoint gives when it is seen first.
   */
  readonly log?: LogTrust;
  readonly policy?: Partial<WatchPolicy>;
  readonly fetch?: typeof fetch;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
  /** In [0, 1), unpredictable for the provider. Default: `crypto.getRandomValues`. */
  readonly random?: () => number;
  /** Sent with what the watch asks. Default: the `authorization` of the last exchange, which is not stored. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** A faster way to confirm proofs. */
  readonly checker?: ProofChecker;
}

export interface ExpectedModel {
  /** Content of the model.json. */
  readonly record: string | Uint8Array;
  /** The model id that the user relies on; default: that of the record. @throws QP7771 if the record has another */
  readonly id?: Hex;
}

export interface GivenTrust {
  /** Content of a trust.json. */
  readonly file: string | Uint8Array;
  readonly statements?: readonly GivenStatement[];
}

/** What the user asks for. Times in seconds. */
export interface WatchPolicy {
  /** Share of answers whose proof is asked for, 0 to 1. Default: 0.05. */
  readonly ask: number;
  /** Mean of the random time after which it is asked for. Default: 300. */
  readonly askAfter: number;
  /** From asking to the proof. Default: what the provider has announced for the model, else 3600. */
  readonly proveWithin?: number;
  /** The longest delay until an answer is in the log that is accepted. Default: 3600. */
  readonly includeWithin: number;
  /** How far the clock of the log may be from this one. Default: 60. */
  readonly tolerance: number;
  /** What is waited for after a deadline before an alarm. */
  readonly grace: Grace;
  /** The draws that the provider has agreed to: own answers that are drawn must be proved. Default: none are checked. */
  readonly draws?: DrawPolicy & { readonly url: string };
  /** Addresses at which others (witnesses, other watchers) show the checkpoint that they have seen. */
  readonly others?: readonly string[];
  /** Whether rows are kept with answers. Default: no. */
  readonly keepInputs: boolean;
  /** Seconds for which answers are kept after all is known about them. Default: 7 days. */
  readonly keep: number;
  /** Entries of the log that are read at once; of a log that grew by more, only own ones are looked up. Default: 100,000. */
  readonly mostEntries: number;
}

export interface Grace {
  /** After `includeBy`. Default: 60. */
  readonly inclusion: number;
  /** After a proof is due. Default: 60. */
  readonly proof: number;
  /** A smaller checkpoint, or files that do not lead to the checkpoint: caches may be behind. Default: 300. */
  readonly log: number;
  /** No witnessed checkpoint. Default: 3600. */
  readonly witnesses: number;
  /** The endpoint cannot be reached. Default: 900. */
  readonly reach: number;
}

/** A request as it was sent, and the response as it came. Names of headers in lower case. */
export interface Exchange {
  /** If the caller may give the same exchange again, e.g. after a crash: it is taken once. */
  readonly id?: string;
  /** `/v2/models/iris/infer`, with or without what stands before /v2. */
  readonly path: string;
  readonly request: { readonly headers: Headers; readonly body: Uint8Array };
  readonly response: { readonly status: number; readonly headers: Headers; readonly body: Uint8Array };
  /** Whether the request carried credentials. Default: whether `authorization` is among its headers. */
  readonly authorized?: boolean;
  /** When the answer came, in milliseconds since 1970. Default: now. */
  readonly at?: number;
}

type Headers = Readonly<Record<string, string | undefined>>;

/** What became of an exchange. */
export interface Taken {
  /** `ignored`: no answer of a model. `known`: an exchange of this id was taken before. */
  readonly state: 'kept' | 'alarm' | 'ignored' | 'known';
  /** Of the promises that are kept. */
  readonly receiptIds: readonly Hex[];
  /** Raised by this exchange, including those that stood before. */
  readonly alarms: readonly Alarm[];
}

/** Times in seconds since 1970. */
export interface WatchStatus {
  readonly upstream: string;
  /** When the watch began. */
  readonly since: number;
  readonly now: number;
  readonly models: readonly ModelStatus[];
  /** Undefined before the endpoint was reached for the first time. */
  readonly log: LogStatus | undefined;
  /** When the last round ended in which everything could be asked, and since when that fails. */
  readonly lastRound: number | undefined;
  readonly unreachableSince: number | undefined;
  /** Answers that the watch could not read or match with a model. */
  readonly unchecked: number;
  readonly alarms: readonly Alarm[];
  readonly notices: readonly Notice[];
  /** Alarms that were not told, because a hundred of their kind were. */
  readonly more: number;
  /** What is not detected: to be shown with all of the above. */
  readonly limits: readonly string[];
}

export interface ModelStatus {
  readonly id: Hex;
  readonly name: string;
  /** Answers with a promise that holds. */
  readonly answers: number;
  /** Of them, not yet in a checkpoint. */
  readonly waitingForLog: number;
  /** Of them, whose proof will be asked for, or is due. */
  readonly waitingForProof: number;
  readonly proved: number;
  readonly lastAnswer: number | undefined;
}

export interface LogStatus {
  readonly origin: string;
  readonly keys: readonly string[];
  /** `first-sight`: the endpoint's own word. */
  readonly from: 'options' | 'trust' | 'first-sight';
  /** Of the last checkpoint. */
  readonly size: number;
  readonly checkpoint: string | undefined;
  readonly checkpointAt: number | undefined;
  /** How many witnesses the user asks for, and when so many were last seen to have signed. */
  readonly witnesses: number;
  readonly witnessedAt: number | undefined;
  /** Entries that the watch did not read. */
  readonly unread: number;
}
