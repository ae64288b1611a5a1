import path from 'node:path';
import type { ModelRecordV2, ProofJson } from '@quietproof/verify';
import { assembleBundleV2, bundleText } from '../bundle/assemble-bundle.ts';
import { createOpening, makePrivateFolder, writeModelRecord } from '../bundle/batch-folder.ts';
import { BUNDLE_SUFFIX, MODEL_FILE, OPENING_SUFFIX, PRIVATE_FOLDER } from '../bundle/batch-names.ts';
import { makeOpeningV2 } from '../bundle/make-opening.ts';
import { makeFolder, removeTemporaries } from '../store/durable-file.ts';
import { GroupCommit } from '../store/group-commit.ts';
import { findModelRecord } from './finished-rows.ts';
import type { ModelAnswerer, StatedAnswer } from './model-answerer.ts';

/**
 * A folder of proofs as `prove` writes it, for answers that come one by one: a model.json, bundles named by the ids of
 * their statements, and openings in `private/`. What is written at the same time shares syncs of the disk.
 */
export class AnswerFolder {
  readonly folder: string;
  readonly #model: ModelRecordV2;
  readonly #files = new GroupCommit();

  private constructor(folder: string, model: ModelRecordV2) {
    [this.folder, this.#model] = [folder, model];
  }

  /**
   * Makes the folder where it is missing.
   *
   * @throws QP6202 it has proofs of another model; QP6207 for artifacts of 0.1; QP8001–QP8008 it cannot be written
   */
  static async open(folder: string, answerer: ModelAnswerer): Promise<AnswerFolder> {
    const model = answerer.recordV2();
    await makeFolder(folder);
    await removeTemporaries(folder);
    await removeTemporaries(await makePrivateFolder(folder));
    const file = path.join(folder, MODEL_FILE);
    if (!(await findModelRecord(file, model))) await writeModelRecord(file, model);
    return new AnswerFolder(folder, model);
  }

  /**
   * Keeps what opens the input, durably. Wait for it before the answer is sent: a digest that nobody can open says only
   * that some input gave this answer. Does nothing where inputs are public.
   */
  async keep({ id, row, salt }: StatedAnswer): Promise<void> {
    if (salt === null) return;
    const { integers, input } = row;
    const opening = makeOpeningV2(this.#model, { values: integers, salt, ...(input && { input }) });
    await createOpening(this.#files, this.#fileOf(PRIVATE_FOLDER, id + OPENING_SUFFIX), opening);
  }

  /**
   * Writes the bundle, with the statement that the answer had.
   *
   * @param proved by a pool, which has verified it
   * @returns its file
   */
  async write(stated: StatedAnswer, { proof }: { readonly proof: ProofJson }): Promise<string> {
    const { publicSignals, statement, id } = stated;
    const content = bundleText(assembleBundleV2(this.#model, { proof, publicSignals, statement }));
    const file = this.#fileOf(id + BUNDLE_SUFFIX);
    await this.#files.create({ file, content });
    return file;
  }

  #fileOf(...names: string[]): string {
    return path.join(this.folder, ...names);
  }
}
