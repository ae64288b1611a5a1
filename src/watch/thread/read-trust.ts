import { readFile } from 'node:fs/promises';
import type { GivenTrust } from '@quietproof/client';
import { statementFiles } from '@quietproof/verify/command/trust-question';
import type { TrustPaths } from './messages.ts';

/** @throws system errors */
export async function readTrust({ file, statements }: TrustPaths): Promise<GivenTrust> {
  const names = (await Promise.all(statements.map(statementFiles))).flat();
  const read = names.map(async (name) => ({ name, content: await readFile(name, 'utf8') }));
  return { file: await readFile(file, 'utf8'), statements: await Promise.all(read) };
}
