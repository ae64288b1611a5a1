import { readFile } from 'node:fs/promises';
import { QuietproofError } from '../../errors/quietproof-error.ts';

const PREFIX = 'whsec_';
/** Bytes, as Standard Webhooks asks. */
const [SHORTEST, LONGEST] = [24, 64];
const MOST = 8;

/**
 * Reads the secrets that sign messages: on each line `whsec_` and base64. A message carries a signature by each, so that a
 * secret can be exchanged while both are known.
 *
 * @throws QP6593; what it says never quotes the file
 */
export async function readSecrets(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new QuietproofError('QP6593', {
      what: 'The file of webhook secrets cannot be read',
      where: file,
      cause,
    });
  });
  const secrets: string[] = [];
  for (const [k, line] of text.split(/\r?\n/).entries()) {
    const secret = line.trim();
    if (secret === '' || secret.startsWith('#')) continue;
    if (!isSecret(secret)) {
      throw new QuietproofError('QP6593', {
        what: `A line is not ${PREFIX} and the base64 of ${SHORTEST} to ${LONGEST} bytes`,
        where: `${file}, line ${k + 1}`,
        fix: `Write what \`echo "${PREFIX}$(openssl rand -base64 32)"\` prints`,
      });
    }
    secrets.push(secret);
  }
  if (secrets.length > 0 && secrets.length <= MOST) return secrets;
  throw new QuietproofError('QP6593', { what: `It needs 1 to ${MOST} secrets`, where: file });
}

function isSecret(line: string): boolean {
  const text = line.slice(PREFIX.length);
  const bytes = Buffer.from(text, 'base64');
  const { length } = bytes;
  return (
    line.startsWith(PREFIX) && bytes.toString('base64') === text && length >= SHORTEST && length <= LONGEST
  );
}
