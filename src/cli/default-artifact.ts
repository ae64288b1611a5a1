import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileSafe, modelNameOf } from '../import/model-file.ts';

/** `artifacts/<name>`: the given name, or that of the model file or of the folder that contains it. */
export async function defaultArtifact(model: string, name?: string): Promise<string> {
  if (name !== undefined) return path.posix.join('artifacts', fileSafe(name));
  const resolved = path.resolve(model);
  const isFolder = await stat(resolved).then(
    (info) => info.isDirectory(),
    () => false,
  );
  const folder = isFolder ? resolved : path.dirname(resolved);
  return path.posix.join('artifacts', modelNameOf(isFolder ? 'model' : resolved, folder));
}
