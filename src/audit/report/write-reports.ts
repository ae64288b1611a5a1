import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { readPageAssets } from '../../export/browser/page-assets.ts';
import { writeDurably } from '../../store/durable-file.ts';
import type { Findings } from '../findings/findings-types.ts';
import { reportHtml } from './html/report-html.ts';
import { reportPdf } from './pdf/report-pdf.ts';

/** Where the build puts the script and style of `report.html`: next to this module in `dist`. */
const ASSETS = new URL('./assets/', import.meta.url);

export interface ReportOptions {
  /** False: no `report.pdf`, which needs pdfkit. */
  readonly pdf?: boolean;
  /** The folder with the script and style of `report.html`. */
  readonly assets?: URL;
}

/**
 * Writes `report.html` and `report.pdf` into a folder, which replace those there. They follow from the findings alone, so
 * the same findings give the same bytes.
 *
 * @param json the bytes of `findings.json`, which the reports name by their digest and the PDF has attached
 * @returns the paths written
 * @throws QP6661 if `json` is not of these findings; QP6660 if pdfkit is not installed, before anything is written; QP8001–QP8008
 */
export async function writeReports(
  findings: Findings,
  json: Uint8Array,
  folder: string,
  options: ReportOptions = {},
): Promise<string[]> {
  requireSame(findings, json);
  const digest = createHash('sha256').update(json).digest('hex');
  const pdf = options.pdf === false ? undefined : await reportPdf(findings, json, digest);
  const html = reportHtml(findings, digest, await readPageAssets(options.assets ?? ASSETS));
  await mkdir(folder, { recursive: true });
  const files = [
    { file: path.join(folder, 'report.html'), content: html },
    ...(pdf === undefined ? [] : [{ file: path.join(folder, 'report.pdf'), content: pdf }]),
  ];
  for (const { file, content } of files) await writeDurably(file, content);
  return files.map(({ file }) => file);
}

/** A report that names one document and shows another would be worse than none. */
function requireSame(findings: Findings, json: Uint8Array): void {
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (cause) {
    throw new QuietproofError('QP6661', { what: 'The file of the findings is no JSON', cause });
  }
  if (!isDeepStrictEqual(read, JSON.parse(JSON.stringify(findings)))) throw new QuietproofError('QP6661');
}
