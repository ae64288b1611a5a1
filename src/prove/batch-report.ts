import type { Hex } from '@quietproof/verify';
import type { BackendName } from '../prover/backend.ts';
import type { WorkerCount } from '../prover/worker-count.ts';

export interface BatchProgress {
  /** Rows with a finished bundle, those of earlier runs included. */
  readonly done: number;
  readonly total: number;
  /** Proved just now; missing on the first call. */
  readonly row?: FinishedRow;
}

export interface FinishedRow {
  readonly index: number;
  /** The bundle. */
  readonly file: string;
  readonly publicSignals: readonly string[];
  /** `prove` includes the check. */
  readonly milliseconds: { readonly witness: number; readonly prove: number };
}

export interface BatchReport {
  readonly modelId: Hex;
  readonly folder: string;
  /** Rows asked for: `proved` in this run, `kept` from earlier ones. */
  readonly rows: number;
  readonly proved: number;
  readonly kept: number;
  /** Of this run, from the start of the pool. */
  readonly seconds: number;
  readonly proofsPerSecond: number;
  /** Largest resident memory of the process with all its workers, in bytes. */
  readonly peakMemory: number;
  /** The part of it that is the key, once for all workers; 0 where nothing was proved. */
  readonly keyMemory: number;
  readonly backend: BackendName;
  /** The backend's arithmetic, where it has a choice: "avx512-ifma". */
  readonly engine?: string;
  readonly workers: number;
  readonly workersLimitedBy: WorkerCount['limitedBy'];
  /** Rows in which a value was brought into the input range. */
  readonly clamped: readonly number[];
  /** What a user should know, one sentence each. */
  readonly warnings: readonly string[];
}
