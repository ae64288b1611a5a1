import { stat } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../errors/quietproof-error.ts';

export interface ReplaceOptions {
  /** Replace files that are there already. */
  readonly force?: boolean;
}

/**
 * What is there already was not made by this run, and may be the only copy.
 *
 * @throws QuietproofError QP1004 where one of the files is there and `force` is not set
 */
export async function refuseReplacing(
  files: readonly string[],
  { force = false }: ReplaceOptions,
): Promise<void> {
  if (force) return;
  for (const file of files) {
    if ((await stat(file).catch(() => undefined)) === undefined) continue;
    const fix = 'Choose another place with --out, or add --force to replace it';
    throw new QuietproofError('QP1004', {
      what: `${path.basename(file)} is there already`,
      where: file,
      fix,
    });
  }
}

/**
 * Whatever the paths look like: links and `..` are followed.
 *
 * @throws QuietproofError QP1005 where the output is one of the inputs
 */
export async function refuseOverwritingInput(out: string, inputs: readonly string[]): Promise<void> {
  const target = await stat(out, { bigint: true }).catch(() => undefined);
  if (target === undefined) return;
  for (const input of inputs) {
    const source = await stat(input, { bigint: true }).catch(() => undefined);
    if (source === undefined || source.ino !== target.ino || source.dev !== target.dev) continue;
    throw new QuietproofError('QP1005', { where: out, fix: 'Choose another file with --out' });
  }
}
