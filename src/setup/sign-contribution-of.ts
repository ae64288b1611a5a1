import path from 'node:path';
import { KEY_FILES } from '../artifact/file-names.ts';
import { type SignContributionOptions, signContribution } from '../ceremony/sign-contribution.ts';
import { readZkey } from '../formats/zkey.ts';
import type { WrittenStatement } from '../sign/sign-statement.ts';
import { isFolder, readKeyFile } from './setup-files.ts';

/**
 * Signs a contribution of an artifact's key, or of a bare .zkey.
 *
 * @throws QuietproofError QP7910, QP7912; QP1002, QP4602, QP4603 for the key
 */
export async function signContributionOf(
  target: string,
  options: SignContributionOptions,
): Promise<WrittenStatement> {
  const file = (await isFolder(target)) ? path.join(target, KEY_FILES.zkey) : target;
  return signContribution(readZkey(await readKeyFile(file), file), target, options);
}
