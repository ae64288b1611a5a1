import type { ProofJson } from '@quietproof/verify';
import type { ErrorCode } from '../errors/registry.ts';
import type { BackendName } from './backend.ts';

/** What every worker of a pool is started with. */
export interface WorkerSetup {
  readonly artifactDir: string;
  readonly backend: BackendName;
  /** The zkey file, shared by all workers; missing where the backend shares it otherwise. */
  readonly zkey?: SharedArrayBuffer;
  /** Threads to make one proof with. */
  readonly threads: number;
}

/** One row to prove. */
export interface ProveJob {
  /** The row as the circuit sees it: one encoded integer a feature. */
  readonly integers: Float64Array;
  /** 128 random bits; null where the input mode takes none. */
  readonly salt: bigint | null;
  /** The context's public signal. */
  readonly context: bigint;
}

/** A job on its way to a thread. */
export interface PermittedJob extends ProveJob {
  /** Lets the proof go on until it is revoked. */
  readonly permit?: number;
}

/** A proof that has passed its own check. */
export interface ProvedRow {
  readonly proof: ProofJson;
  readonly publicSignals: readonly string[];
  /** `prove` includes the check. */
  readonly milliseconds: { readonly witness: number; readonly prove: number };
}

/** Error classes do not survive the way between threads, so what users should read travels as data. */
export type WorkerAnswer =
  | { readonly ok: true; readonly row: ProvedRow }
  | { readonly ok: false; readonly code: ErrorCode; readonly what: string; readonly fix?: string };
