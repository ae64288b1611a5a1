import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readModelFile } from './model-file.ts';

/**
 * Reads a weight file that a model refers to by a path relative to its folder.
 *
 * @throws QuietproofError QP2004 if it is missing, QP2005 if it is outside the model's folder
 */
export async function readWeightFile(location: string, modelPath: string): Promise<Buffer> {
  const where = basename(modelPath);
  if (leavesFolder(location)) throw outside(location, where);
  const folder = await realpath(dirname(modelPath));
  let path: string;
  try {
    path = await realpath(join(folder, location));
  } catch (cause) {
    const what = `the weight file "${location}" is missing`;
    throw new QuietproofError('QP2004', { what, where, fix: 'Put it next to the model file', cause });
  }
  // A symbolic link inside the folder may point out of it.
  const inside = relative(folder, path);
  if (inside.startsWith('..') || isAbsolute(inside)) throw outside(location, where);
  return readModelFile(path);
}

/** Both kinds of slash separate folders on every system, so that a model is read alike everywhere. */
function leavesFolder(location: string): boolean {
  const rooted = location === '' || /^[/\\]/.test(location) || /^[A-Za-z]:/.test(location);
  return rooted || location.includes('\0') || location.split(/[/\\]/).includes('..');
}

function outside(location: string, where: string): QuietproofError {
  const what = `the weight file "${location}" is outside the model's folder`;
  return new QuietproofError('QP2005', { what, where, fix: 'Keep weight files next to the model file' });
}
