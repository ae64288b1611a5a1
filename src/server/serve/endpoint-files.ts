import { access } from 'node:fs/promises';
import path from 'node:path';
import { QuietproofError } from '../../errors/quietproof-error.ts';

/** In the endpoint's folder. */
export const ENDPOINT_FILES = {
  log: 'log',
  sealed: 'sealed',
  proofs: 'proofs',
  /** What receivers have confirmed. */
  webhooks: 'webhooks',
  /** There once all of it was moved into a database. */
  moved: 'moved-to-database',
} as const;

/** Two logs of one name would be a fork. @throws QP6563 */
export async function requireNotMoved(folder: string): Promise<void> {
  const isMoved = await access(path.join(folder, ENDPOINT_FILES.moved)).then(
    () => true,
    () => false,
  );
  if (!isMoved) return;
  const fix = 'Use --database: the log goes on there';
  throw new QuietproofError('QP6563', { where: folder, fix });
}
