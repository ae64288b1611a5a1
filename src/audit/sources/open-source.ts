import { stat } from 'node:fs/promises';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { AuditSource } from './audit-source.ts';
import { FolderSource } from './folder-source.ts';

/**
 * Opens what was named to an audit.
 *
 * @throws QP6602 for what is no source; the error of the system for a path that does not exist
 */
export async function openSource(given: string): Promise<AuditSource> {
  if ((await stat(given)).isDirectory()) return new FolderSource(given);
  throw new QuietproofError('QP6602', { where: given, fix: 'Unpack an archive first, and name the folder' });
}
