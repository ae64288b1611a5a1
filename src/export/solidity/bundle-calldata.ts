import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type AnyModelRecord, parseAnyBundle, parseAnyModelRecord } from '@quietproof/verify';
import { MODEL_FILE } from '../../bundle/batch-folder.ts';
import { verifyFiles } from '../../bundle/verify-files.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { type BundleCalls, bundleCalls, castLine } from './bundle-calls.ts';

export interface BundleCalldata extends BundleCalls {
  /** A command line for `cast`, with the verifier's address to be put in. */
  readonly cast: string;
}

/**
 * The calls that check a bundle on chain. The bundle is verified first: nobody pays to have a bad one refused.
 *
 * @param file a bundle; a thin one with its model.json beside it
 * @throws QP1002; QP7953 where the bundle is not valid
 */
export async function bundleCalldata(file: string): Promise<BundleCalldata> {
  for await (const { verdict } of verifyFiles([file], { anyModel: true })) {
    if (verdict.valid) continue;
    throw new QuietproofError('QP7953', {
      where: file,
      fix: `Run quietproof verify on it: ${verdict.headline}`,
    });
  }
  const bundle = parseAnyBundle(await readFile(file));
  const calls = bundleCalls(bundle, bundle.model ?? (await companionOf(file)));
  return { ...calls, cast: castLine(calls) };
}

async function companionOf(file: string): Promise<AnyModelRecord> {
  return parseAnyModelRecord(await readFile(path.join(path.dirname(file), MODEL_FILE)));
}
