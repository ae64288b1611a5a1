import type { ModelRecordV2, VerifyOptions } from '@quietproof/verify';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { ModelAnswerer } from '../../prove/model-answerer.ts';
import type { BackendName } from '../../prover/backend.ts';
import { ProverPool } from '../../prover/pool.ts';
import { proofChecker } from '../../prover/proof-checker.ts';
import type { ArtifactCache } from './artifact-cache.ts';
import type { ArtifactFile } from './artifact-files.ts';
import type { Database } from './database.ts';
import { SCHEMA } from './schema.ts';

export interface WorkerModelsOptions {
  readonly database: Database;
  readonly cache: ArtifactCache;
  /** Threads that prove, shared by all models. */
  readonly threads: number;
  /** Models whose keys are in memory, at most. */
  readonly most: number;
  readonly backend?: BackendName;
}

/** What makes verifying many proofs cheaper, and changes no verdict. */
export type Verifying = Pick<VerifyOptions, 'keys' | 'checker'>;

/** A model that this worker can prove by at once. */
export interface WarmModel {
  readonly record: ModelRecordV2;
  readonly pool: ProverPool;
  /** With its verification key, prepared with the first proof. */
  readonly verifying: Verifying;
}

interface Kept {
  readonly opening: Promise<WarmModel>;
  uses: number;
}

/** Models that are in this worker's memory: the last ones that it proved by. */
export class WorkerModels {
  readonly #options: WorkerModelsOptions;
  /** The one that was not used for longest is the first. */
  readonly #kept = new Map<string, Kept>();

  constructor(options: WorkerModelsOptions) {
    this.#options = options;
  }

  get warm(): readonly string[] {
    return [...this.#kept.keys()];
  }

  /** Uses a model, which stays in memory meanwhile. @throws QP6576, and as `ModelAnswerer.open` and `ProverPool.open` */
  async use<T>(modelId: string, work: (model: WarmModel) => Promise<T>): Promise<T> {
    const kept = this.#kept.get(modelId) ?? { opening: this.#open(modelId), uses: 0 };
    this.#kept.delete(modelId);
    this.#kept.set(modelId, kept);
    kept.uses += 1;
    try {
      return await work(await kept.opening);
    } catch (error) {
      // One that could not be opened is opened again with the next job.
      await kept.opening.catch(() => this.#kept.get(modelId) === kept && this.#kept.delete(modelId));
      throw error;
    } finally {
      kept.uses -= 1;
      await this.#makeRoom();
    }
  }

  async #open(modelId: string): Promise<WarmModel> {
    const { database, cache, threads: workers, backend } = this.#options;
    const { rows } = await database.query<{ files: ArtifactFile[] | null }>(
      `select files from ${SCHEMA}.model where model_id = $1`,
      [modelId],
    );
    const files = rows[0]?.files;
    if (files == null) throw new QuietproofError('QP6576', { where: modelId });
    const artifactDir = await cache.fetch(modelId, files);
    const record = (await ModelAnswerer.open(artifactDir)).recordV2();
    // The id is computed from the record, which is compared with the files.
    if (record.ids.modelId !== modelId) {
      throw new QuietproofError('QP6576', { what: 'What was fetched is another model', where: modelId });
    }
    const pool = await ProverPool.open({ artifactDir, workers, ...(backend !== undefined && { backend }) });
    const checker = backend === 'snarkjs' ? undefined : proofChecker();
    return { record, pool, verifying: { keys: new Map(), ...(checker !== undefined && { checker }) } };
  }

  async #makeRoom(): Promise<void> {
    for (const [modelId, kept] of this.#kept) {
      if (this.#kept.size <= this.#options.most) return;
      if (kept.uses > 0) continue;
      this.#kept.delete(modelId);
      await close(kept);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.all(all.map(close));
  }
}

async function close({ opening }: Kept): Promise<void> {
  await (await opening.catch(() => undefined))?.pool.close();
}
