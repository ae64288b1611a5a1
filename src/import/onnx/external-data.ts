import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { readModelFile } from '../model-file.ts';
import type { GraphProto, TensorProto } from './decode-model.ts';

/** Contents of external weight files, by the location the model gives. */
export type ExternalFiles = ReadonlyMap<string, Buffer>;

/** TensorProto.DataLocation.EXTERNAL */
const EXTERNAL = 1;

/** Whether a tensor's data lies in another file. */
export function isExternal(tensor: TensorProto): boolean {
  return (tensor.dataLocation as number) === EXTERNAL;
}

/**
 * Reads every weight file that the model's initializers name, in the order of their names.
 *
 * @throws QuietproofError QP2004 where one is missing, QP2005 where one lies outside the model's folder
 */
export async function loadExternalFiles(graph: GraphProto, modelPath: string): Promise<ExternalFiles> {
  const locations = new Set<string>();
  for (const tensor of graph.initializer as TensorProto[]) {
    if (isExternal(tensor)) locations.add(entryOf(tensor, 'location') ?? '');
  }
  const files = new Map<string, Buffer>();
  for (const location of [...locations].sort()) {
    files.set(location, await loadOne(location, modelPath));
  }
  return files;
}

async function loadOne(location: string, modelPath: string): Promise<Buffer> {
  const where = basename(modelPath);
  if (leavesFolder(location)) throw outside(location, where);
  const folder = await realpath(dirname(modelPath));
  let path: string;
  try {
    path = await realpath(join(folder, location));
  } catch (cause) {
    const what = `the weight file "${location}" is missing`;
    throw new QuietproofError('QP2004', { what, where, fix: 'Put it beside the model file', cause });
  }
  // A link inside the folder may lead out of it.
  const inside = relative(folder, path);
  if (inside.startsWith('..') || isAbsolute(inside)) throw outside(location, where);
  return readModelFile(path);
}

/** Both kinds of slash count on every system, so that a model means the same everywhere. */
function leavesFolder(location: string): boolean {
  const rooted = location === '' || /^[/\\]/.test(location) || /^[A-Za-z]:/.test(location);
  return rooted || location.includes('\0') || location.split(/[/\\]/).includes('..');
}

function outside(location: string, where: string): QuietproofError {
  const what = `the weight file "${location}" lies outside the model's folder`;
  return new QuietproofError('QP2005', { what, where, fix: 'Keep weight files beside the model file' });
}

/** The bytes of an external tensor. @param bytes how many its shape and data type ask for */
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
