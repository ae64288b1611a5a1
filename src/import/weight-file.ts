import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readModelFile } from './model-file.ts';

/**
 * Reads a weight file that a model names, by a path relative to the model's folder.
 *
 * @throws QuietproofError QP2004 where it is missing, QP2005 where it lies outside the model's folder
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
