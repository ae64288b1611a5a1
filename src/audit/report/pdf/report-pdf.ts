import { once } from 'node:events';
import type { Findings } from '../../findings/findings-types.ts';
import type { Report } from '../content/report-blocks.ts';
import { reportOf } from '../content/sections.ts';
import { documentTime } from './document-time.ts';
import { drawBlock } from './draw-block.ts';
import { drawHeading, drawText } from './draw-text.ts';
import { loadPdfKit, type PdfDocument } from './load-pdfkit.ts';
import { artifact, COLOURS, PAGE, registerFonts, setStyle } from './paper.ts';

/**
 * The report on paper: PDF/A-3, tagged, with `findings.json` and the checkpoints attached. The same findings give the same
 * bytes: nothing is compressed, and its time and id follow from the findings.
 *
 * @param json the bytes of `findings.json`
 * @param digest their SHA-256
 * @throws QP6660 if pdfkit is not installed
 */
export async function reportPdf(findings: Findings, json: Uint8Array, digest: string): Promise<Buffer> {
  const PdfKit = await loadPdfKit();
  const time = documentTime(findings);
  const report = reportOf(findings);
  const doc = new PdfKit({
    size: 'A4',
    margin: PAGE.margin,
    pdfVersion: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    lang: 'en',
    displayTitle: true,
    bufferPages: true,
    compress: false,
    // pdfkit's own default is not embedded.
    font: null as unknown as string,
    info: {
      Title: report.title,
      Subject: `findings.json SHA-256 ${digest}`,
      Creator: 'Quietproof',
      Producer: 'Quietproof, PDFKit',
      CreationDate: time,
      ModDate: time,
    },
  } as PDFKit.PDFDocumentOptions);
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(doc, 'end');
  registerFonts(doc);
  drawReport(doc, report);
  drawFooters(doc, digest);
  attach(doc, findings, json, time);
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

function drawReport(doc: PdfDocument, { title, headline, lead, tone, sections }: Report): void {
  drawText(doc, 'P', 'Quietproof', { size: 9, colour: COLOURS.muted }).end();
  drawText(doc, 'H1', title, { size: 22, weight: 'bold' }).end();
  doc.y += 12;
  const top = doc.y;
  drawText(doc, 'P', headline, { size: 13, weight: 'bold', colour: COLOURS[tone] }, 12).end();
  doc.y += 4;
  drawText(doc, 'P', lead, { size: 10.5 }, 12).end();
  const height = doc.y - top;
  artifact(doc, () => doc.rect(PAGE.margin, top, 3, height).fillColor(COLOURS[tone]).fill());
  doc.y = top + height + 6;
  for (const section of sections) {
    drawHeading(doc, 'H2', section.title);
    for (const block of section.blocks) drawBlock(doc, block);
  }
}

function drawFooters(doc: PdfDocument, digest: string): void {
  const { start, count } = doc.bufferedPageRange();
  for (let at = start; at < start + count; at += 1) {
    doc.switchToPage(at);
    // Below the margin: else pdfkit would start another page.
    doc.page.margins.bottom = 0;
    doc.markContent('Artifact', { type: 'Pagination' });
    const y = PAGE.height - PAGE.margin + 18;
    setStyle(doc, { size: 7.5, colour: COLOURS.muted });
    doc.text(`findings.json SHA-256 ${digest}`, PAGE.margin, y, { lineBreak: false });
    const page = `${at + 1} of ${count}`;
    doc.text(page, PAGE.margin + PAGE.inner - doc.widthOfString(page), y, { lineBreak: false });
    doc.endMarkedContent();
  }
}

function attach(doc: PdfDocument, { logs }: Findings, json: Uint8Array, time: Date): void {
  const dates = { creationDate: time, modifiedDate: time };
  doc.file(Buffer.from(json), {
    name: 'findings.json',
    type: 'application/json',
    description: 'What this report was made from',
    relationship: 'Source',
    ...dates,
  } as PDFKit.Mixins.PDFAttachmentOptions);
  for (const [at, { origin, checkpoint }] of logs.entries()) {
    doc.file(Buffer.from(checkpoint), {
      name: `checkpoint-${at + 1}.txt`,
      type: 'text/plain',
      description: `Checkpoint of the log ${origin}`,
      relationship: 'Data',
      ...dates,
    } as PDFKit.Mixins.PDFAttachmentOptions);
  }
}
