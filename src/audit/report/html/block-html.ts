import { formatCount } from '../../../text/units.ts';
import type { Block, Fact } from '../content/report-blocks.ts';
import { GRADES } from '../content/report-words.ts';
import type { CellKind, Table } from '../content/table.ts';
import type { Plot } from '../plots/plot.ts';
import { escaped } from './escape.ts';
import { plotSvg } from './plot-svg.ts';

export function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'heading':
      return `<h3><bdi>${escaped(block.text)}</bdi></h3>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
    case 'facts':
      return factsHtml(block.facts);
    case 'table':
      return tableHtml(block.table);
    case 'plot':
      return plotHtml(block.plot);
    case 'finding':
      return findingHtml(block);
  }
}

function factsHtml(facts: readonly Fact[]): string {
  const rows = facts.map(({ name, value, kind = 'text' }) => {
    return `<dt>${escaped(name)}</dt><dd>${valueHtml(value, kind)}</dd>`;
  });
  return `<dl class="facts">${rows.join('')}</dl>`;
}

function valueHtml(value: string, kind: CellKind): string {
  if (value === '') return '';
  return kind === 'id' ? `<code class="id">${escaped(value)}</code>` : `<bdi>${escaped(value)}</bdi>`;
}

/** Wide tables scroll, and can be scrolled with the keyboard. */
function tableHtml({ caption, columns, rows }: Table): string {
  const kinds = columns.map(({ kind }) => (kind === 'number' ? ' class="number"' : ''));
  const head = columns
    .map(({ title }, at) => `<th scope="col"${kinds[at]}><bdi>${escaped(title)}</bdi></th>`)
    .join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, at) => `<td${kinds[at]}>${valueHtml(cell, columns[at]!.kind)}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="wide" tabindex="0" role="group" aria-label="${escaped(caption)}"><table class="rows"><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>
${body.join('\n')}
</tbody></table></div>`;
}

function plotHtml(plot: Plot): string {
  const legend = plot.legend.map(
    (name, series) =>
      `<li><span class="swatch s${series}" aria-hidden="true"></span><bdi>${escaped(name)}</bdi></li>`,
  );
  const key = legend.length === 0 ? '' : `<ul class="series">${legend.join('')}</ul>`;
  return `<figure><figcaption>${escaped(plot.title)}</figcaption>${plotSvg(plot)}${key}
<details class="fold no-print"><summary>The numbers</summary>${tableHtml(plot.data)}</details></figure>`;
}

function findingHtml({ finding, records }: Extract<Block, { kind: 'finding' }>): string {
  const { number, grade, title, checked, result, notMean, codes } = finding;
  const { count, listed } = finding.records;
  const { word, tone } = GRADES[grade];
  const more =
    count > listed.length ? ` The first ${formatCount(listed.length)} are listed; findings.csv has all.` : '';
  const list =
    listed.length === 0
      ? ''
      : `<details class="fold"><summary>${formatCount(count)} ${count === 1 ? 'record' : 'records'}</summary>${more === '' ? '' : `<p class="small">${more.trim()}</p>`}${tableHtml(records)}</details>`;
  return `<article class="finding" id="finding-${number}" data-tone="${tone}" aria-labelledby="finding-${number}-t">
<h3 id="finding-${number}-t"><span class="no">${number}</span> ${escaped(title)} <span class="grade">${word}</span></h3>
<dl class="facts"><dt>Checked</dt><dd>${escaped(checked)}</dd><dt>Result</dt><dd class="result">${escaped(result)}</dd><dt>This does not mean</dt><dd>${escaped(notMean)}</dd>${codes.length === 0 ? '' : `<dt>Codes</dt><dd>${codes.map((code) => `<code class="code">${escaped(code)}</code>`).join(' ')}</dd>`}</dl>
${list}</article>`;
}
