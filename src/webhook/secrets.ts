import { readFile } from 'node:fs/promises';
import { QuietproofError } from '../errors/quietproof-error.ts';

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
export async function readSecrets(file: string): Promise<readonly Uint8Array[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new QuietproofError('QP6593', {
      what: 'The file of webhook secrets cannot be read',
      where: file,
      cause,
    });
  });
  const secrets: Uint8Array[] = [];
  for (const [k, line] of text.split(/\r?\n/).entries()) {
    const written = line.trim();
    if (written === '' || written.startsWith('#')) continue;
    const secret = secretIn(written);
    if (secret === undefined) {
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

function secretIn(line: string): Uint8Array | undefined {
  const text = line.slice(PREFIX.length);
  const bytes = Buffer.from(text, 'base64');
  const isOne = line.startsWith(PREFIX) && bytes.toString('base64') === text;
  return isOne && bytes.length >= SHORTEST && bytes.length <= LONGEST ? bytes : undefined;
}
