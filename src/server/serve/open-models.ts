import { QuietproofError } from '../../errors/quietproof-error.ts';
import { ModelAnswerer } from '../../prove/model-answerer.ts';
import type { BackendName } from '../../prover/backend.ts';
import { ProverPool } from '../../prover/pool.ts';
import type { AnnouncedModel } from './announcements.ts';

export interface PoolSize {
  readonly workers: number;
  readonly backend?: BackendName;
}

/** Artifacts that are in memory: those that answer, and those of retired models while there is something to prove. */
export class OpenModels {
  readonly #size: PoolSize;
  readonly #answerers = new Map<string, Promise<ModelAnswerer>>();
  readonly #pools = new Map<string, Promise<ProverPool>>();

  constructor(size: PoolSize) {
    this.#size = size;
  }

  /** Opens an artifact, whichever model it holds. @throws as `ModelAnswerer.open`; QP6207 */
  async open(artifactDir: string): Promise<ModelAnswerer> {
    const answerer = await ModelAnswerer.open(artifactDir);
    const { modelId } = answerer.recordV2().ids;
    this.#answerers.set(modelId, Promise.resolve(answerer));
    return answerer;
  }

  /** @throws as `open`; QP6559 if another model is there now */
  answerer({
    modelId,
    artifactDir,
  }: Pick<AnnouncedModel, 'modelId' | 'artifactDir'>): Promise<ModelAnswerer> {
    return kept(this.#answerers, modelId, async () => {
      const answerer = await ModelAnswerer.open(artifactDir);
      if (answerer.recordV2().ids.modelId === modelId) return answerer;
      const fix = 'Put the artifact of the retired model back, for as long as its answers are kept';
      throw new QuietproofError('QP6559', {
        what: `The artifact is not that of model ${modelId}`,
        where: artifactDir,
        fix,
      });
    });
  }

  /** Threads that prove; they start with the first call, and are kept. @throws as `answerer` and `ProverPool.open` */
  pool(model: Pick<AnnouncedModel, 'modelId' | 'artifactDir'>): Promise<ProverPool> {
    return kept(this.#pools, model.modelId, async () => {
      await this.answerer(model);
      return ProverPool.open({ artifactDir: model.artifactDir, ...this.#size });
    });
  }

  /** Lets go of a model's threads and memory; they come back when needed. */
  async release(modelId: string): Promise<void> {
    this.#answerers.delete(modelId);
    const pool = this.#pools.get(modelId);
    this.#pools.delete(modelId);
    await (await pool?.catch(() => undefined))?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.keys()].map((modelId) => this.release(modelId)));
  }
}

/** One attempt at a time; a failed one is not kept. */
function kept<T>(all: Map<string, Promise<T>>, key: string, open: () => Promise<T>): Promise<T> {
  const found = all.get(key);
  if (found !== undefined) return found;
  const opening = open();
  all.set(key, opening);
  opening.catch(() => {
    if (all.get(key) === opening) all.delete(key);
  });
  return opening;
}
