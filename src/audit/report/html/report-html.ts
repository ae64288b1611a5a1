import type { PageAssets } from '../../../export/browser/page-assets.ts';
import { pageHead } from '../../../export/browser/page-html.ts';
import { formatCount } from '../../../text/units.ts';
import type { Findings } from '../../findings/findings-types.ts';
import type { Section } from '../content/report-blocks.ts';
import { GRADE_ORDER, GRADES } from '../content/report-words.ts';
import { reportOf } from '../content/sections.ts';
import { blockHtml } from './block-html.ts';
import { escaped } from './escape.ts';
import { MODELS_OPEN } from './page/embedded-models.ts';

/**
 * The report as one file that works offline: the whole text without script; with it, the listed records can be searched,
 * and records checked again by the verifier in the page.
 *
 * @param json the bytes of `findings.json`, whose digest the report states
 */
export function reportHtml(findings: Findings, digest: string, assets: PageAssets): string {
  const report = reportOf(findings);
  const ids = Buffer.from(JSON.stringify(findings.models.map(({ modelId }) => modelId))).toString('base64');
  return `<!doctype html>
<html lang="en">
${pageHead(report.title, assets)}<body>
<a class="skip" href="#verdict">To the result</a>
<div class="sheet">
<header class="masthead"><span class="brand">Quietproof</span><span class="kind">${report.title}</span></header>
<main>
<section id="verdict" class="verdict" data-tone="${report.tone}" aria-labelledby="headline">
<div id="said"><h1 id="headline">${escaped(report.headline)}</h1>
<p class="lead">${escaped(report.lead)}</p></div>
</section>
<nav class="contents no-print" aria-label="Contents"><ul>${report.sections.map(({ id, title }) => `<li><a href="#${id}">${title}</a></li>`).join('')}</ul></nav>
${report.sections.map(sectionHtml).join('\n')}
${searchHtml(findings)}
${againHtml()}
</main>
<footer><p>Made from findings.json, SHA-256 <code class="id">${digest}</code>. The same inputs give the same report, byte for byte.</p></footer>
</div>
${MODELS_OPEN}${ids}</script>
<script>${assets.script}</script>
</body>
</html>
`;
}

function sectionHtml({ id, title, blocks }: Section): string {
  return `<section id="${id}" class="part" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${blocks.map(blockHtml).join('\n')}
</section>`;
}

/** All listed records in one table. The script shows the fields; without it the table is whole. */
function searchHtml({ findings, scope }: Findings): string {
  const rows = findings.flatMap(({ number, grade, title, records }) =>
    records.listed.map(({ source, path, detail = '', code = '' }) => {
      const name = source === undefined ? 'expected list' : (scope.sources[source]?.name ?? '');
      const cells = [name, path, detail].map((cell) => `<td><bdi>${escaped(cell)}</bdi></td>`).join('');
      return `<tr data-grade="${grade}"><td class="number"><a href="#finding-${number}" title="${escaped(title)}">${number}</a></td><td>${GRADES[grade].word}</td>${cells}<td><code>${escaped(code)}</code></td></tr>`;
    }),
  );
  if (rows.length === 0) return '';
  const options = GRADE_ORDER.map((grade) => `<option value="${grade}">${GRADES[grade].word}</option>`).join(
    '',
  );
  return `<section id="search" class="part no-print" aria-labelledby="search-title"><h2 id="search-title">Records named in findings</h2>
<div class="fields" id="filters" hidden>
<div class="field"><label for="needle">Search</label><input id="needle" type="text" spellcheck="false" autocomplete="off"></div>
<div class="field"><label for="grade">Grade</label><select id="grade"><option value="">all</option>${options}</select></div>
<p id="matches" class="small" role="status"></p>
</div>
<div class="wide tall" tabindex="0" role="group" aria-label="Records named in findings"><table class="rows" id="records"><caption>${formatCount(rows.length)} records; findings.csv has all</caption><thead><tr><th scope="col" class="number">No.</th><th scope="col">Grade</th><th scope="col">Source</th><th scope="col">Record</th><th scope="col">What was found</th><th scope="col">Code</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>
</section>`;
}

function againHtml(): string {
  return `<section id="again" class="part no-print" aria-labelledby="again-title"><h2 id="again-title">Check a record here</h2>
<p>This page contains a verifier. Choose records (*.proof.json) that were examined; records without a model of their own need its model.json with them. Nothing is sent anywhere.</p>
<noscript><p>This needs a browser that runs the script of this page.</p></noscript>
<label id="drop" class="drop"><strong>Choose files</strong><span class="drop-help small">or drop them here</span><input id="file" type="file" multiple accept=".json,.html,application/json"></label>
<div role="status"><ul id="checked" class="checks"></ul></div>
</section>`;
}
