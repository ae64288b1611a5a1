import type { Fact } from '../content/report-blocks.ts';
import type { CellKind, Table } from '../content/table.ts';
import type { PdfDocument } from './load-pdfkit.ts';
import { artifact, COLOURS, PAGE, setStyle, shown, type TextStyle } from './paper.ts';

const GAP = 10;
const PADDING = 3;

interface Cell {
  readonly text: string;
  readonly x: number;
  readonly width: number;
  readonly kind: CellKind;
}

/** A table with a head on each page, and a line below each row. */
export function drawTable(doc: PdfDocument, { columns, rows }: Table): void {
  const whole = columns.reduce((sum, { share }) => sum + share, 0);
  const widths = columns.map(({ share }) => ((PAGE.inner + GAP) * share) / whole - GAP);
  const places = widths.map(
    (_, at) => PAGE.margin + widths.slice(0, at).reduce((sum, width) => sum + width + GAP, 0),
  );
  const cellsOf = (texts: readonly string[]) =>
    texts.map((text, at): Cell => ({ text, x: places[at]!, width: widths[at]!, kind: columns[at]!.kind }));
  const head = cellsOf(columns.map(({ title }) => title));
  const table = doc.struct('Table');
  doc.addStructure(table);
  drawRow(doc, table, head, 'TH', true);
  for (const row of rows) {
    const cells = cellsOf(row);
    if (doc.y + heightOf(doc, cells) > PAGE.height - PAGE.margin) {
      doc.addPage();
      // Read aloud once only, at the start of the table.
      artifact(doc, () => drawCells(doc, head, HEAD));
      endRow(doc, heightOf(doc, head, HEAD));
    }
    drawRow(doc, table, cells, 'TD', false);
  }
  table.end();
  doc.y += 6;
}

/** Names and values in two columns. */
export function drawFacts(doc: PdfDocument, facts: readonly Fact[]): void {
  const [left, right] = [110, PAGE.inner - 110 - GAP];
  const table = doc.struct('Table');
  doc.addStructure(table);
  for (const { name, value, kind = 'text' } of facts) {
    const cells: Cell[] = [
      { text: name, x: PAGE.margin, width: left, kind: 'text' },
      { text: value, x: PAGE.margin + left + GAP, width: right, kind },
    ];
    const height = heightOf(doc, cells, FACT);
    if (doc.y + height > PAGE.height - PAGE.margin) doc.addPage();
    const row = doc.struct('TR');
    table.add(row);
    const top = doc.y;
    drawCell(doc, row, cells[0]!, top, 'TH', { ...FACT, colour: COLOURS.muted }, 'Row');
    drawCell(doc, row, cells[1]!, top, 'TD', FACT);
    row.end();
    doc.y = top + height;
  }
  table.end();
  doc.y += 6;
}

const FACT: TextStyle = { size: 9 };
const BODY: TextStyle = { size: 8.5 };
const HEAD: TextStyle = { size: 8.5, weight: 'bold', colour: COLOURS.muted };

function drawRow(
  doc: PdfDocument,
  table: PDFKit.PDFStructureElement,
  cells: readonly Cell[],
  tag: 'TH' | 'TD',
  isHead: boolean,
): void {
  const style = isHead ? HEAD : BODY;
  const height = heightOf(doc, cells, style);
  const row = doc.struct('TR');
  table.add(row);
  const top = doc.y;
  for (const cell of cells) drawCell(doc, row, cell, top, tag, style, isHead ? 'Column' : undefined);
  row.end();
  doc.y = top;
  endRow(doc, height);
}

function drawCell(
  doc: PdfDocument,
  row: PDFKit.PDFStructureElement,
  cell: Cell,
  top: number,
  tag: 'TH' | 'TD',
  style: TextStyle,
  scope?: 'Row' | 'Column',
): void {
  const options = scope === undefined ? {} : { scope };
  row.add(
    doc.struct(tag, options as PDFKit.Mixins.StructureElementOptions, () =>
      drawCellText(doc, cell, top, style),
    ),
  );
}

function drawCells(doc: PdfDocument, cells: readonly Cell[], style: TextStyle): void {
  const top = doc.y;
  for (const cell of cells) drawCellText(doc, cell, top, style);
  doc.y = top;
}

function drawCellText(doc: PdfDocument, { text, x, width, kind }: Cell, top: number, style: TextStyle): void {
  setStyle(doc, style).text(shown(text), x, top + PADDING, {
    width,
    align: kind === 'number' ? 'right' : 'left',
  });
}

function heightOf(doc: PdfDocument, cells: readonly Cell[], style: TextStyle = BODY): number {
  setStyle(doc, style);
  const heights = cells.map(({ text, width }) => doc.heightOfString(shown(text) || ' ', { width }));
  return Math.max(...heights) + 2 * PADDING;
}

function endRow(doc: PdfDocument, height: number): void {
  const y = doc.y + height;
  artifact(doc, () =>
    doc
      .moveTo(PAGE.margin, y)
      .lineTo(PAGE.margin + PAGE.inner, y)
      .lineWidth(0.5)
      .strokeColor(COLOURS.line)
      .stroke(),
  );
  doc.y = y;
}
