import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { StepPoints } from '@quietproof/verify';
import { keyOrCarrier } from '../ceremony/carrier-key.ts';
import { checkStepPoints, pointSetOf } from '../ceremony/point-set.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Zkey } from '../formats/zkey.ts';
import { readKeyFile } from '../setup/setup-files.ts';

const EXTENSIONS = ['.zkey', '.points'];

/**
 * The sets of points of a ceremony that were found to be this circuit's: those of the checked key itself, and of the files
 * given.
 *
 * @param final the key, checked against its circuit and its phase 1
 * @throws QuietproofError QP1002, QP5013, QP5021, QP5022, QP5024
 */
export async function stepsOf(final: Zkey, given: readonly string[]): Promise<StepPoints[]> {
  const last = { index: final.transcript.contributions.length, ...pointSetOf(final) };
  const steps = new Map([[nameOf(last), last]]);
  for (const file of (await Promise.all(given.map(stateFiles))).flat()) {
    const step = await checkStepPoints(final, keyOrCarrier(await readKeyFile(file), file), file);
    steps.set(nameOf(step), step);
  }
  return [...steps.values()].sort((one, other) => one.index - other.index);
}

const nameOf = ({ index, sha256 }: StepPoints) => `${index} ${sha256}`;

/** A file, or the files of keys and points in a folder and below. */
async function stateFiles(given: string): Promise<string[]> {
  const found = await stat(given).catch((cause: unknown) => {
    const fix = 'Check the path';
    throw new QuietproofError('QP1002', {
      what: 'There is no such file or folder',
      where: given,
      fix,
      cause,
    });
  });
  if (!found.isDirectory()) return [given];
  const names = await readdir(given, { recursive: true });
  return names
    .filter((name) => EXTENSIONS.includes(path.extname(name)))
    .map((name) => path.join(given, name))
    .sort();
}
