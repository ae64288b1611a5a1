import { makeFolder, removeTemporaries } from '../store/durable-file.ts';
import { type FolderLock, lockFolder } from '../store/folder-lock.ts';
import { loadPdfKit } from './report/pdf/load-pdfkit.ts';
import type { ReportOptions } from './report/write-reports.ts';

const LOCK = '.audit';

/**
 * Takes the folder that the files go into for this audit alone, before anything is checked, and removes what audits that
 * were killed had begun to write.
 *
 * @throws QP6660 if a PDF is wanted and pdfkit is not installed; QP6206 if another audit writes there; QP8001–QP8008
 */
export async function takeOutput(out: string, { pdf }: ReportOptions): Promise<FolderLock> {
  if (pdf !== false) await loadPdfKit();
  await makeFolder(out);
  const lock = await lockFolder(out, { purpose: 'change', name: LOCK });
  try {
    await removeTemporaries(out);
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}
