import type { Hex } from '@quietproof/verify';
import type { BackendName } from '../prover/backend.ts';
import type { WorkerCount } from '../prover/worker-count.ts';

/**
 * What a batch does, one after another: compares the artifact's files with their digests; encodes the rows; looks for
 * finished ones; loads the key; proves and writes; ends its threads.
 */
export type BatchPhase = 'artifact' | 'encode' | 'folder' | 'key' | 'proofs' | 'end';

export interface BatchProgress {
  /** Rows with a finished bundle, including those of earlier runs. */
  readonly done: number;
  readonly total: number;
  /** The row just proved; missing on the first call. */
  readonly row?: FinishedRow;
}

export interface FinishedRow {
  readonly index: number;
  /** Path of the bundle. */
  readonly file: string;
  readonly publicSignals: readonly string[];
  /** `prove` includes verifying the proof. */
  readonly milliseconds: { readonly witness: number; readonly prove: number };
}

export interface BatchReport {
  readonly modelId: Hex;
  readonly folder: string;
  /** Requested rows: `proved` in this run plus `kept` from earlier runs. */
  readonly rows: number;
  readonly proved: number;
  readonly kept: number;
  /** Duration of this run, from the start of the pool. */
  readonly seconds: number;
  readonly proofsPerSecond: number;
  /** Peak resident memory of the process with all its workers, in bytes. */
  readonly peakMemory: number;
  /** Part of the peak that is the key, shared by all workers; 0 if nothing was proved. */
  readonly keyMemory: number;
  readonly backend: BackendName;
  /** The backend's arithmetic, e.g. "avx512-ifma", if it has several. */
  readonly engine?: string;
  readonly workers: number;
  readonly workersLimitedBy: WorkerCount['limitedBy'];
  /** Rows in which a value was clamped to the input range. */
  readonly clamped: readonly number[];
  /** Warnings for the user, one sentence each. */
  readonly warnings: readonly string[];
}
