import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import { importOnnx } from './onnx/import-onnx.ts';
import { refuseUnprintable } from './printable-names.ts';
import { importTfjs } from './tfjs/import-tfjs.ts';

type Importer = (path: string, outputs: readonly string[] | undefined) => Promise<FloatGraph>;

/** One importer per format, by the extension of its main file. */
const IMPORTERS: Readonly<Record<string, Importer>> = {
  '.onnx': (path, outputs) => importOnnx(path, { outputs }),
  '.json': importTfjs,
};

/** Files that a folder is searched for. */
const MAIN_FILES = ['model.onnx', 'model.json'] as const;

/**
 * Reads a model of any supported format. The graph is as in the file: call `simplifyGraph` on it next.
 *
 * @param path a model file, or a folder that holds one `model.onnx` or `model.json`
 * @param outputs the outputs to prove, by their names in the file; all by default
 * @throws QuietproofError QP1002 and QP20xx for files, QP21xx and QP22xx for their contents
 */
export async function importModel(path: string, outputs?: readonly string[]): Promise<FloatGraph> {
  const file = await mainFile(path);
  refuseUnprintable('file', [basename(file)], 'the path of the model');
  const importer = IMPORTERS[extname(file).toLowerCase()];
  if (importer !== undefined) return importer(file, outputs);
  const extension = extname(file);
  const what =
    extension === '' ? 'a file without an extension is not a model' : `${extension} files are not models`;
  throw new QuietproofError('QP2002', { what, where: basename(file), fix: EXPORT });
}

const EXPORT = 'Export the model to ONNX (.onnx) or to a TensorFlow.js layers model (model.json)';

/** The path of the model file; a folder is searched for it. @throws QuietproofError QP1002, QP2002 */
export async function mainFile(path: string): Promise<string> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined && !(await isThere(path))) {
    const what = 'There is no such file or folder';
    throw new QuietproofError('QP1002', { what, where: path, fix: 'Check the path' });
  }
  if (!info?.isDirectory()) return path;
  const found: string[] = [];
  for (const name of MAIN_FILES) if (await isThere(join(path, name))) found.push(name);
  if (found.length === 1) return join(path, found[0]!);
  const what =
    found.length === 0 ? 'the folder contains no model' : `the folder contains both ${found.join(' and ')}`;
  const fix = found.length === 0 ? await modelsIn(path) : `Pass the file itself: ${join(path, found[0]!)}`;
  throw new QuietproofError('QP2002', { what, where: path, fix });
}

/** Models of other names, or folders with models, in a folder that has no model of the usual name. */
async function modelsIn(folder: string): Promise<string> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const named = names.find((name) => extname(name).toLowerCase() === '.onnx');
  if (named !== undefined) return `Pass the file itself: ${join(folder, named)}`;
  for (const name of names) {
    for (const main of MAIN_FILES) {
      if (await isThere(join(folder, name, main)))
        return `Pass one of the folders in it: ${join(folder, name)}`;
    }
  }
  return EXPORT;
}

/** Also true for what is there but cannot be read, so that its reader says why. */
async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT' && code !== 'ENOTDIR',
  );
}
