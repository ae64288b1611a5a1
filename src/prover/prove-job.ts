import type { AnyModelRecord, ProofJson } from '@quietproof/verify';
import type { RowTexts } from '../bundle/batch-folder.ts';
import type { RowParts } from '../bundle/row-texts.ts';
import type { ErrorCode } from '../errors/registry.ts';
import type { BackendName } from './backend.ts';

/** Startup data of every worker in a pool. */
export interface WorkerSetup {
  readonly artifactDir: string;
  readonly backend: BackendName;
  /** The zkey file, shared by all workers; missing if the backend shares it in another way. */
  readonly zkey?: SharedArrayBuffer;
  /** Threads per proof. */
  readonly threads: number;
  /** For jobs that ask for their files. */
  readonly records?: RecordOptions;
}

/** What the files of all rows have in common. */
export interface RecordOptions {
  readonly model: AnyModelRecord;
  /** Bundles contain the record. */
  readonly pack: boolean;
}

/** One row to prove. */
export interface ProveJob {
  /** The encoded row: one integer per feature. */
  readonly integers: Float64Array;
  /** 128 random bits; null where the input mode takes none. */
  readonly salt: bigint | null;
  /** The public signal of the context. */
  readonly context: bigint;
  /** Asks for the row's files. */
  readonly record?: Omit<RowParts, 'opening'> & {
    /** Asks for the opening too, which holds the row as it was given, unless a value was clamped. */
    readonly opening?: Pick<NonNullable<RowParts['opening']>, 'input'>;
  };
}

/** Jobs that are sent to a worker together. */
export interface JobRun {
  readonly jobs: readonly ProveJob[];
  /** The proofs stop when this permit is revoked. */
  readonly permit?: number;
}

/** A proof that was verified in the worker. */
export interface ProvedRow {
  readonly proof: ProofJson;
  readonly publicSignals: readonly string[];
  readonly milliseconds: RowMilliseconds;
  /** The row's files, where the job asked for them. */
  readonly texts?: RowTexts;
}

/** Where the time of one row goes, in its worker: `prove` includes verifying the proof, `record` is making the files. */
export interface RowMilliseconds {
  readonly witness: number;
  readonly prove: number;
  readonly record: number;
}

/** One per job, up to the first that failed. Errors lose their class between threads, so those for users are sent as data. */
export type WorkerAnswer =
  | { readonly ok: true; readonly row: ProvedRow }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly what: string;
      readonly where?: string;
      readonly fix?: string;
    };
