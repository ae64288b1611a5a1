import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type PreparedModel, prepareModel } from '@quietproof/verify';
import { ARTIFACT } from '../artifact/file-names.ts';
import { notReady } from '../artifact/not-ready.ts';
import { readSetupFile } from '../artifact/setup-file.ts';
import { MODEL_FILE } from '../bundle/batch-names.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';

export interface ReadModel {
  /** The folder that contains the record. */
  readonly folder: string;
  readonly model: PreparedModel;
}

/**
 * Reads the model to export, with the same checks as a verifier.
 *
 * @param subject an artifact folder, a folder of proofs, or a model.json
 * @throws QP7951 if there is no record, QP6101 or QP6102 if the artifact has none yet; a Refusal if the record or its key is refused, e.g. QP7307
 */
export async function readModel(subject: string): Promise<ReadModel> {
  const isFolder = (await stat(subject)).isDirectory();
  const file = isFolder ? path.join(subject, MODEL_FILE) : subject;
  return { folder: path.dirname(file), model: prepareModel(await readRecord(file)) };
}

async function readRecord(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    const folder = path.dirname(file);
    const isArtifact = await stat(path.join(folder, ARTIFACT.manifest)).then(Boolean, () => false);
    if (isArtifact) throw notReady(folder, (await readSetupFile(folder))?.record);
    const fix = 'Pass an artifact that has a key, or a folder that quietproof prove wrote';
    throw new QuietproofError('QP7951', { where: file, fix, cause });
  }
}
