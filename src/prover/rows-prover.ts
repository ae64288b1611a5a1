import type { BackendName } from './backend.ts';
import type { ProvedRow, ProveJob, RecordOptions } from './prove-job.ts';

export interface RowsProverOptions {
  /** An artifact that has been set up. */
  readonly artifactDir: string;
  /** By default the native prover if it works, else snarkjs. */
  readonly backend?: BackendName;
  /** For jobs that ask for their files. */
  readonly records?: RecordOptions;
  /** Look for damage in the key's files, whatever the user's cache says of them. */
  readonly paranoid?: boolean;
}

/** Proves rows of one artifact, with its key loaded once. */
export interface RowsProver {
  /** Memory of the key, shared by all threads, in bytes. */
  readonly keyMemory: number;
  /** A warning for the user about loading the key. */
  readonly warning: string | undefined;
  /**
   * Proves several rows.
   *
   * @param onRow called for each row that was proved, in order, also where a later one fails
   * @param signal cancels them
   * @throws QuietproofError QP6003 the proof does not verify; QP6004 cancelled
   */
  proveRun(
    jobs: readonly ProveJob[],
    onRow: (row: ProvedRow, index: number) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}
