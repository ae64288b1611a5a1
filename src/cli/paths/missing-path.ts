import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { nearestTo } from '../../text/nearest.ts';
import { YOUR_DATA } from '../next-step.ts';

/** There is nothing at a path that a command should read. The fix names the most similar path that is there. */
export async function noSuchPath(place: string): Promise<QuietproofError> {
  const fix = place === YOUR_DATA ? 'Put the path of your own data here' : await similarPath(place);
  return new QuietproofError('QP1002', { what: 'There is no such file or folder', where: place, fix });
}

async function similarPath(place: string): Promise<string> {
  const folder = path.dirname(place);
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) {
    return folder === place || folder === '.' ? 'Check the path' : await similarPath(folder);
  }
  const near = nearestTo(path.basename(place), names);
  if (near !== undefined) return `Did you mean ${path.join(folder, near)}?`;
  const where = folder === '.' ? 'the current folder' : folder;
  return `"${path.basename(place)}" is not in ${where}`;
}
