import { basename, extname } from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { openOnnxReference } from './onnx-runtime.ts';
import type { FloatReference, RowCategories, WantedOutput } from './reference.ts';
import { openTfjsReference } from './tfjs.ts';

/**
 * Opens a model file in the runtime of its format. Runtimes are loaded on demand.
 *
 * @param path a `.onnx` file, or the `.json` file of a TensorFlow.js LayersModel
 * @param outputs those that `run` returns; all by default
 * @param categories of the texts in a row
 * @throws QuietproofError QP2002 for other files, QP3010 if the runtime refuses the model
 */
export async function openReference(
  path: string,
  outputs?: readonly WantedOutput[],
  categories?: RowCategories,
): Promise<FloatReference> {
  const extension = extname(path).toLowerCase();
  if (extension === '.onnx') return openOnnxReference(path, outputs, categories);
  if (extension === '.json')
    return openTfjsReference(
      path,
      outputs?.map(({ name }) => name),
    );
  throw new QuietproofError('QP2002', { where: basename(path), fix: 'Give a .onnx file or a model.json' });
}
