import type { BackendName } from '../prover/backend.ts';
import type { BatchPhase, BatchProgress } from './batch-report.ts';
import type { DataRow } from './encode-rows.ts';

export interface ProveBatchOptions {
  /** A compiled artifact with a key. */
  readonly artifactDir: string;
  readonly rows: readonly DataRow[];
  /** Created if missing. Finished rows in it are kept. */
  readonly outDir: string;
  /** Context that the proofs are bound to; empty by default. */
  readonly context?: Uint8Array;
  /** Also bind each proof to 32 random bytes, its record's own part of the context (not for artifacts of 0.1). */
  readonly uniqueContext?: boolean;
  /** Concurrent proofs; by default limited by cores and memory. With 1, each proof uses all cores. */
  readonly workers?: number;
  /** By default the native prover if it works, else snarkjs. */
  readonly backend?: BackendName;
  /** Clamp values outside the input range instead of refusing them. */
  readonly clampInputs?: boolean;
  /** Write packed bundles, which need no model.json beside them. Finished rows stay as they are. */
  readonly pack?: boolean;
  /** Hash the artifact's files again, instead of taking digests of unchanged ones from the user's cache. */
  readonly paranoid?: boolean;
  /** Called before the first proof with each warning for the user, one sentence each. */
  readonly onWarning?: (warning: string) => void;
  /** Called when the batch enters a phase. */
  readonly onPhase?: (phase: BatchPhase) => void;
  /** Called once before the first proof and after each one. */
  readonly onProgress?: (progress: BatchProgress) => void;
  /** Stops the batch; finished rows are kept. */
  readonly signal?: AbortSignal;
}
