import type { PdfDocument } from './load-pdfkit.ts';
import { COLOURS, keepTogether, PAGE, setStyle, shown, type TextStyle } from './paper.ts';

/** Structure elements of a text. */
export type TextTag = 'H1' | 'H2' | 'H3' | 'P';

const HEADINGS = { H1: 18, H2: 14, H3: 11 } as const;

/** A text over the whole width, or from `indent` points on. */
export function drawText(
  doc: PdfDocument,
  tag: TextTag,
  text: string,
  style: TextStyle,
  indent = 0,
): PDFKit.PDFStructureElement {
  const element = doc.struct(tag, {}, () => {
    setStyle(doc, style).text(shown(text), PAGE.margin + indent, doc.y, {
      width: PAGE.inner - indent,
      lineGap: 2,
    });
  });
  doc.addStructure(element);
  return element;
}

export function drawHeading(doc: PdfDocument, tag: keyof typeof HEADINGS, text: string): void {
  const size = HEADINGS[tag];
  doc.y += tag === 'H3' ? 8 : 14;
  // Never the last lines of a page: another heading may follow, and what it is of.
  keepTogether(doc, tag === 'H3' ? 80 : 200);
  drawText(doc, tag, text, { size, weight: 'bold' });
  doc.y += 4;
}

export function drawList(doc: PdfDocument, items: readonly string[]): void {
  const list = doc.struct('L');
  doc.addStructure(list);
  for (const item of items) {
    setStyle(doc, { size: 10 });
    keepTogether(doc, Math.min(60, doc.heightOfString(shown(item), { width: PAGE.inner - 14 })));
    const line = doc.struct('LI');
    list.add(line);
    line.add(
      doc.struct('Lbl', {}, () => {
        setStyle(doc, { size: 10, colour: COLOURS.muted }).text('•', PAGE.margin + 2, doc.y, {
          lineBreak: false,
        });
      }),
    );
    line.add(
      doc.struct('LBody', {}, () => {
        setStyle(doc, { size: 10 }).text(shown(item), PAGE.margin + 14, doc.y, {
          width: PAGE.inner - 14,
          lineGap: 2,
        });
      }),
    );
    line.end();
    doc.y += 3;
  }
  list.end();
}
