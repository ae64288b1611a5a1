import { realpath } from 'node:fs/promises';
import { type ModelTensors, tensorsOf } from '@quietproof/client/oip';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { ModelAnswerer } from '../../prove/model-answerer.ts';

/** A version of a model that answers. */
export interface AnsweringModel {
  readonly name: string;
  /** By default the first digits of its model id, so that it means the same after a restart. */
  readonly version: string;
  readonly answerer: ModelAnswerer;
  readonly tensors: ModelTensors;
}

export interface ModelToOpen {
  readonly artifactDir: string;
  /** Default: the name in its interface. */
  readonly name?: string;
  readonly version?: string;
}

const VERSION_DIGITS = 12;

/** @throws as `ModelAnswerer.open` does; QP6591 for a name that no address can have */
export async function openModel({ artifactDir, ...given }: ModelToOpen): Promise<AnsweringModel> {
  // A link can lead to another artifact tomorrow, and answers of today are proved for as long as they are kept.
  const answerer = await ModelAnswerer.open(await realpath(artifactDir).catch(() => artifactDir));
  const { name = answerer.reading.name } = given;
  const version = given.version ?? answerer.model.ids.modelId.slice(0, VERSION_DIGITS);
  if (!/^[\w.-]{1,128}$/.test(name)) {
    throw new QuietproofError('QP6591', {
      what: `"${name.slice(0, 40)}" cannot be a part of an address`,
      where: artifactDir,
      fix: 'Pass --name with letters, digits, dots, hyphens and underscores',
    });
  }
  return { name, version, answerer, tensors: tensorsOf(answerer.reading) };
}

/** The models of one server. Of several versions of a name, the last answers where none is asked for. */
export class AnsweringModels {
  #models: readonly AnsweringModel[] = [];

  constructor(models: readonly AnsweringModel[]) {
    for (const model of models) this.add(model);
  }

  get all(): readonly AnsweringModel[] {
    return this.#models;
  }

  /** @throws QP6591 if there is one of this name and version already */
  add(model: AnsweringModel): void {
    const { name, version } = model;
    if (this.versionsOf(name).includes(version)) {
      const where = `${name}, version ${version}`;
      throw new QuietproofError('QP6591', { what: 'Two artifacts are the same model', where });
    }
    this.#models = [...this.#models, model];
  }

  /** Answers by these, and by no others. */
  replace(models: readonly AnsweringModel[]): void {
    this.#models = models;
  }

  versionsOf(wanted: string): string[] {
    return this.#models.filter(({ name }) => name === wanted).map(({ version }) => version);
  }

  /** @throws QP6583 */
  find(wanted: string, version?: string): AnsweringModel {
    const isWanted = (own: AnsweringModel) =>
      own.name === wanted && (version === undefined || own.version === version);
    const found = this.#models.findLast(isWanted);
    if (found !== undefined) return found;
    throw new QuietproofError('QP6583');
  }
}
