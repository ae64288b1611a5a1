import type PdfKit from 'pdfkit';
import { QuietproofError } from '../../../errors/quietproof-error.ts';

export type PdfDocument = PDFKit.PDFDocument;

/**
 * Loads pdfkit, which only reports on paper need.
 *
 * @throws QP6660 where it is not installed
 */
export async function loadPdfKit(): Promise<typeof PdfKit> {
  try {
    return (await import('pdfkit')).default;
  } catch (cause) {
    if (!(cause instanceof Error) || !/Cannot find (?:package|module) 'pdfkit'/.test(cause.message))
      throw cause;
    throw new QuietproofError('QP6660', {
      fix: 'Run `npm install pdfkit` beside quietproof, or leave out report.pdf',
      cause,
    });
  }
}
