import type { ProofJson } from '@quietproof/verify';
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
}

/** One row to prove. */
export interface ProveJob {
  /** The encoded row: one integer per feature. */
  readonly integers: Float64Array;
  /** 128 random bits; null where the input mode takes none. */
  readonly salt: bigint | null;
  /** The public signal of the context. */
  readonly context: bigint;
}

/** A job with a permit, as sent to a worker. */
export interface PermittedJob extends ProveJob {
  /** The proof stops when this permit is revoked. */
  readonly permit?: number;
}

/** A proof that was verified in the worker. */
export interface ProvedRow {
  readonly proof: ProofJson;
  readonly publicSignals: readonly string[];
  /** `prove` includes verifying the proof. */
  readonly milliseconds: { readonly witness: number; readonly prove: number };
}

/** Errors lose their class between threads, so those for users are sent as data. */
export type WorkerAnswer =
  | { readonly ok: true; readonly row: ProvedRow }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly what: string;
      readonly where?: string;
      readonly fix?: string;
    };
