import path from 'node:path';
import { KEY_FILES } from '../artifact/file-names.ts';
import type { SharedKey } from './backend.ts';
import { backendNamed, chooseBackend } from './backends.ts';
import { interrupted } from './interrupted.ts';
import type { ProvedRow, ProveJob } from './prove-job.ts';
import { RowProver } from './row-prover.ts';
import type { RowsProver, RowsProverOptions } from './rows-prover.ts';
import { thisMachine } from './worker-count.ts';

/**
 * Proves in the calling thread, each proof on all cores: a worker thread takes longer to start than a proof by the native
 * prover takes. Meanwhile the thread does nothing else, so a signal takes effect between two rows.
 */
export class OwnThreadProver implements RowsProver {
  readonly #key: SharedKey;
  readonly #prover: RowProver;

  private constructor(key: SharedKey, prover: RowProver) {
    [this.#key, this.#prover] = [key, prover];
  }

  /** @throws as `RowProver.open` does */
  static async open({
    artifactDir,
    backend,
    records,
    paranoid = false,
  }: RowsProverOptions): Promise<OwnThreadProver> {
    const chosen = backend === undefined ? chooseBackend().backend : backendNamed(backend);
    const key = await chosen.share(path.join(artifactDir, KEY_FILES.zkey), { paranoid });
    try {
      const prover = await RowProver.open({
        artifactDir,
        backend: chosen.name,
        threads: thisMachine().cores,
        ...(key.bytes !== undefined && { zkey: key.bytes }),
        ...(records !== undefined && { records }),
      });
      return new OwnThreadProver(key, prover);
    } catch (error) {
      key.release();
      throw error;
    }
  }

  get keyMemory(): number {
    return this.#key.memory;
  }

  get warning(): string | undefined {
    return this.#key.warning;
  }

  async proveRun(
    jobs: readonly ProveJob[],
    onRow: (row: ProvedRow, index: number) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    for (const [index, job] of jobs.entries()) {
      if (signal?.aborted) throw interrupted();
      onRow(await this.#prover.prove(job), index);
    }
  }

  async close(): Promise<void> {
    await this.#prover.close();
    this.#key.release();
  }
}
