import path from 'node:path';
import { makeFolder, writeDurably } from '../../store/durable-file.ts';
import type { EvidenceFound } from './find-evidence.ts';

/**
 * Writes what was found, a file each.
 *
 * @returns their paths
 * @throws QP8001–QP8008
 */
export async function writeEvidence(folder: string, shown: EvidenceFound['shown']): Promise<string[]> {
  await makeFolder(folder, 0o755);
  const files: string[] = [];
  for (const [i, { evidence, text }] of shown.entries()) {
    const file = path.join(folder, `evidence-${i + 1}-${evidence.kind}.json`);
    await writeDurably(file, text);
    files.push(file);
  }
  return files;
}
