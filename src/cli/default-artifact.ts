import { stat } from 'node:fs/promises';
import path from 'node:path';
import { modelNameOf } from '../import/model-file.ts';

/** `artifacts/<name>` for a model file, or for the folder that contains it. */
export async function defaultArtifact(model: string): Promise<string> {
  const resolved = path.resolve(model);
  const isFolder = await stat(resolved).then(
    (info) => info.isDirectory(),
    () => false,
  );
  const folder = isFolder ? resolved : path.dirname(resolved);
  return path.posix.join('artifacts', modelNameOf(isFolder ? 'model' : resolved, folder));
}
