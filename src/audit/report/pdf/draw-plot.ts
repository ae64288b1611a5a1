import type { Plot, Shape } from '../plots/plot.ts';
import type { PdfDocument } from './load-pdfkit.ts';
import { COLOURS, keepTogether, PAGE, SERIES, setStyle, shown } from './paper.ts';

const LABEL = 7.5;

/** A plot over the whole width, with the names of its series below. */
export function drawPlot(doc: PdfDocument, plot: Plot): void {
  const scale = PAGE.inner / plot.width;
  const height = plot.height * scale;
  keepTogether(doc, height + 60);
  const top = doc.y + 4;
  const bbox: [number, number, number, number] = [PAGE.margin, top, PAGE.margin + PAGE.inner, top + height];
  const figure = doc.struct(
    'Figure',
    { alt: shown(`${plot.title}. ${plot.description}`), bbox } as PDFKit.Mixins.StructureElementOptions,
    () => {
      for (const shape of plot.shapes) drawShape(doc, shape, PAGE.margin, top, scale);
    },
  );
  doc.addStructure(figure);
  figure.end();
  doc.y = top + height + 4;
  if (plot.legend.length > 0) drawLegend(doc, plot.legend);
  doc.y += 8;
}

function drawShape(doc: PdfDocument, shape: Shape, left: number, top: number, scale: number): void {
  switch (shape.kind) {
    case 'bar': {
      const { x, y, width, height, series } = shape;
      doc
        .rect(left + x * scale, top + y * scale, width * scale, height * scale)
        .fillColor(SERIES[series]!)
        .fill();
      return;
    }
    case 'line': {
      const { from, to, role } = shape;
      doc
        .moveTo(left + from.x * scale, top + from.y * scale)
        .lineTo(left + to.x * scale, top + to.y * scale)
        .lineWidth(0.5)
        .strokeColor(role === 'axis' ? COLOURS.muted : COLOURS.line)
        .stroke();
      return;
    }
    case 'label': {
      const { at, text, anchor } = shape;
      setStyle(doc, { size: LABEL, colour: COLOURS.muted });
      const words = shown(text);
      const width = doc.widthOfString(words);
      const shift = { start: 0, middle: width / 2, end: width }[anchor];
      doc.text(words, left + at.x * scale - shift, top + at.y * scale - LABEL, { lineBreak: false });
    }
  }
}

function drawLegend(doc: PdfDocument, names: readonly string[]): void {
  const element = doc.struct('P', {}, () => {
    let x: number = PAGE.margin;
    let y = doc.y;
    for (const [series, name] of names.entries()) {
      setStyle(doc, { size: 8.5 });
      const words = shown(name);
      const width = 12 + doc.widthOfString(words) + 14;
      if (x > PAGE.margin && x + width > PAGE.margin + PAGE.inner) {
        x = PAGE.margin;
        y += 14;
      }
      doc
        .rect(x, y + 1, 8, 8)
        .fillColor(SERIES[series]!)
        .fill();
      setStyle(doc, { size: 8.5 }).text(words, x + 12, y, { lineBreak: false });
      x += width;
    }
    doc.y = y + 14;
  });
  doc.addStructure(element);
  element.end();
}
