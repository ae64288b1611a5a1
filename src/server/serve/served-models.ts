import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { Announcements } from './announcements.ts';
import { checkPolicy } from './check-policy.ts';
import type { ModelToServe, ServedModel } from './endpoint.ts';
import type { OpenModels } from './open-models.ts';

/** A model whose artifact is open, and which is about to be announced. */
export type OpenedModel = Omit<ServedModel, 'since'>;

export interface ServedModelsOptions {
  readonly models: OpenModels;
  readonly announcements: Announcements;
  /** Whether rounds of the beacon that a policy names can be had. */
  readonly hasBeacon: (hash: string) => boolean;
  /** Has the log say that these models answer. */
  readonly announce: (opened: readonly OpenedModel[]) => Promise<void>;
  /** Has the log say that a model answers no longer, in an entry about one that does. */
  readonly retire: (modelId: string, announcing: ServedModel) => Promise<void>;
}

/** The models that an endpoint answers by. One change follows another. */
export class ServedModels {
  readonly #options: ServedModelsOptions;
  #all: readonly ServedModel[] = [];
  #changing: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: ServedModelsOptions) {
    this.#options = options;
  }

  get all(): readonly ServedModel[] {
    return this.#all;
  }

  /** @throws QP6552, QP6553, QP6561; as `ModelAnswerer.open` and `announce` */
  async add(model: ModelToServe): Promise<ServedModel> {
    const [served] = await this.serve([model]);
    return served!;
  }

  /**
   * Opens models, and answers by them once they are announced.
   *
   * @param announce instead of that of the options
   * @throws as `add`
   */
  serve(models: readonly ModelToServe[], announce = this.#options.announce): Promise<readonly ServedModel[]> {
    return this.#change(async () => {
      const opened: OpenedModel[] = [];
      for (const model of models) opened.push(await this.#open(model));
      requireDistinct([...this.#all, ...opened]);
      await announce(opened);
      const { announcements } = this.#options;
      const served = opened.map((model) => ({
        ...model,
        since: announcements.require(model.modelId).since,
      }));
      this.#all = [...this.#all, ...served];
      return served;
    });
  }

  async #open({ artifactDir, name, version = '1', policy }: ModelToServe): Promise<OpenedModel> {
    const { models, hasBeacon } = this.#options;
    const answerer = await models.open(artifactDir);
    const record = answerer.recordV2();
    const own = name ?? answerer.reading.name;
    checkPolicy(policy, own, hasBeacon);
    return { name: own, version, modelId: record.ids.modelId, record, artifactDir, policy };
  }

  /** @throws QP6552; QP6559 if it does not answer, or is the last one; as `retire` of the options */
  retire(modelId: string): Promise<void> {
    return this.#change(async () => {
      const others = this.#all.filter((model) => model.modelId !== modelId);
      if (others.length === this.#all.length) throw new QuietproofError('QP6559', { where: modelId });
      const [announcing] = others;
      if (announcing === undefined) {
        throw new QuietproofError('QP6559', { what: 'The last model cannot be retired', where: modelId });
      }
      // It gives no answers from here on: the entry comes after all that it has given.
      this.#all = others;
      await this.#options.retire(modelId, announcing);
    });
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new QuietproofError('QP6552'));
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => {});
    return changed;
  }

  /** Changes nothing more, and waits for the change that was begun. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#changing;
  }
}

/** @throws QP6561 */
function requireDistinct(models: readonly Pick<ServedModel, 'name' | 'version' | 'modelId'>[]): void {
  const seen = new Set<string>();
  for (const { name, version, modelId } of models) {
    for (const key of [modelId, `${name} ${version}`]) {
      if (seen.has(key)) throw new QuietproofError('QP6561', { where: `${name}, version ${version}` });
      seen.add(key);
    }
  }
}
