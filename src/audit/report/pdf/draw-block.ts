import { formatCount } from '../../../text/units.ts';
import type { Block } from '../content/report-blocks.ts';
import { GRADES } from '../content/report-words.ts';
import { drawPlot } from './draw-plot.ts';
import { drawFacts, drawTable } from './draw-table.ts';
import { drawHeading, drawList, drawText } from './draw-text.ts';
import type { PdfDocument } from './load-pdfkit.ts';
import { artifact, COLOURS, keepTogether, PAGE } from './paper.ts';

/** Records of a finding that are named on paper; the attached `findings.json` names more. */
const MOST_RECORDS = 20;

export function drawBlock(doc: PdfDocument, block: Block): void {
  switch (block.kind) {
    case 'text':
      drawText(doc, 'P', block.text, { size: 10 }).end();
      doc.y += 4;
      return;
    case 'heading':
      drawHeading(doc, 'H3', block.text);
      return;
    case 'facts':
      drawFacts(doc, block.facts);
      return;
    case 'list':
      drawList(doc, block.items);
      return;
    case 'table':
      drawTable(doc, block.table);
      return;
    case 'plot':
      keepTogether(doc, 270);
      drawHeading(doc, 'H3', block.plot.title);
      drawPlot(doc, block.plot);
      return;
    case 'finding':
      drawFinding(doc, block);
      return;
  }
}

function drawFinding(doc: PdfDocument, { finding, records }: Extract<Block, { kind: 'finding' }>): void {
  const { number, grade, title, checked, result, notMean, codes } = finding;
  const { word, tone } = GRADES[grade];
  const { count } = finding.records;
  keepTogether(doc, 130);
  doc.y += 10;
  const top = doc.y;
  artifact(doc, () =>
    doc
      .rect(PAGE.margin - 10, top, 3, 16)
      .fillColor(COLOURS[tone])
      .fill(),
  );
  drawText(doc, 'H3', `${number}  ${title}`, { size: 11, weight: 'bold' }).end();
  drawText(doc, 'P', `${word}, ${formatCount(count)} ${count === 1 ? 'record' : 'records'}`, {
    size: 9,
    weight: 'bold',
    colour: COLOURS[tone],
  }).end();
  doc.y += 3;
  drawFacts(doc, [
    { name: 'Checked', value: checked },
    { name: 'Result', value: result },
    { name: 'This does not mean', value: notMean },
    ...(codes.length === 0 ? [] : [{ name: 'Codes', value: codes.join(', ') }]),
  ]);
  const rows = records.rows.slice(0, MOST_RECORDS);
  if (rows.length === 0) return;
  drawTable(doc, { ...records, rows });
  if (count > rows.length) {
    const rest = `${formatCount(count - rows.length)} more: findings.json, attached to this file, names the first hundred, findings.csv all.`;
    drawText(doc, 'P', rest, { size: 8.5, colour: COLOURS.muted }).end();
  }
}
