import { QuietproofError } from '../../errors/quietproof-error.ts';
import { readWeightFile } from '../weight-file.ts';
import type { TensorProto } from './decode-model.ts';

/** Contents of external weight files, by the location given in the model. */
export type ExternalFiles = ReadonlyMap<string, Buffer>;

/** TensorProto.DataLocation.EXTERNAL */
const EXTERNAL = 1;

/** Whether a tensor's data is stored in another file. */
export function isExternal(tensor: TensorProto): boolean {
  return (tensor.dataLocation as number) === EXTERNAL;
}

/**
 * Reads every weight file that the tensors of a model refer to, sorted by location.
 *
 * @throws QuietproofError QP2004 if one is missing, QP2005 if one is outside the model's folder
 */
export async function loadExternalFiles(
  tensors: readonly TensorProto[],
  modelPath: string,
): Promise<ExternalFiles> {
  const locations = new Set<string>();
  for (const tensor of tensors) {
    if (isExternal(tensor)) locations.add(entryOf(tensor, 'location') ?? '');
  }
  const files = new Map<string, Buffer>();
  for (const location of [...locations].sort()) {
    files.set(location, await readWeightFile(location, modelPath));
  }
  return files;
}

/** The bytes of an external tensor. @param bytes expected length, from its shape and data type */
export function sliceExternal(
  tensor: TensorProto,
  files: ExternalFiles,
  bytes: number,
  where: string,
): Uint8Array {
  const file = files.get(entryOf(tensor, 'location') ?? '');
  const offset = Number(entryOf(tensor, 'offset') ?? 0);
  const length = Number(entryOf(tensor, 'length') ?? bytes);
  const fits = Number.isSafeInteger(offset) && offset >= 0 && length === bytes;
  if (file === undefined || !fits || offset + bytes > file.length) {
    const what = 'its weight file is missing, too short, or does not match its shape';
    throw new QuietproofError('QP2004', { what, where, fix: 'Export the model again, with its weight file' });
  }
  return file.subarray(offset, offset + bytes);
}

function entryOf(tensor: TensorProto, key: string): string | undefined {
  return tensor.externalData.find((entry) => entry.key === key)?.value ?? undefined;
}
