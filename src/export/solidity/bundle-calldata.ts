import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type AnyModelRecord, parseAnyBundle, parseAnyModelRecord } from '@quietproof/verify';
import { verifyFiles } from '@quietproof/verify/command/verify-files';
import { MODEL_FILE } from '../../bundle/batch-names.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { type BundleCalls, bundleCalls, castLine } from './bundle-calls.ts';

export interface BundleCalldata extends BundleCalls {
  /** A command line for `cast`; the shell variable VERIFIER is the contract's address. */
  readonly cast: string;
}

/**
 * The calls that check a bundle on chain. The bundle is verified first, so that nobody pays gas for an invalid one.
 *
 * @param file a bundle; for a thin bundle, model.json is read from the same folder
 * @throws QP1002; QP7953 if the bundle is not valid
 */
export async function bundleCalldata(file: string): Promise<BundleCalldata> {
  for await (const { verdict } of verifyFiles([file], { anyModel: true })) {
    if (verdict.valid) continue;
    throw new QuietproofError('QP7953', {
      where: file,
      fix: `Run quietproof verify on it for details. ${verdict.headline}`,
    });
  }
  const bundle = parseAnyBundle(await readFile(file));
  const calls = bundleCalls(bundle, bundle.model ?? (await companionOf(file)));
  return { ...calls, cast: castLine(calls) };
}

async function companionOf(file: string): Promise<AnyModelRecord> {
  return parseAnyModelRecord(await readFile(path.join(path.dirname(file), MODEL_FILE)));
}
