import type { PageKind } from './page/page-kind.ts';
import { text } from './page/template.ts';
import { DATA, DETAILS, FORM, MODEL, PAGE, QUESTIONS } from './page/words.ts';

/** The page before its script has run: the places that it fills, and the fields. */
export function pageBody(kind: PageKind): string {
  const receipt = kind === 'receipt';
  return `<a class="skip" href="#verdict">${PAGE.skip}</a>
<div class="sheet">
${masthead(kind)}
<main>
<form id="questions" novalidate>
${verdict()}
${receipt ? '' : fileZone(kind)}
${receipt ? sender() : ''}
<p id="legend" class="legend" hidden></p>
${question('decision', '')}
${question('data', compareFields())}
${question('model', `<button id="again" class="plain aside no-print" type="button" hidden>${MODEL.again}</button>`)}
${question('change', '')}
${question('now', '')}
<details id="details" class="no-print" hidden><summary>${DETAILS.title}</summary><div id="details-said"></div>
<button id="save" class="plain aside" type="button" hidden>${FORM.save}</button></details>
${receipt ? fileZone(kind) : ''}
</form>
${onPaper()}
</main>
<footer><p>${PAGE.footer}</p></footer>
</div>`;
}

const COMMAND = '<code>quietproof verify receipt.html</code>';

function masthead(kind: PageKind): string {
  return `<header class="masthead">
<svg class="logo" viewBox="0 0 28 28" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M14 2.5l9.5 3.6v7.2c0 6-4 10.1-9.5 12.2C8.5 23.4 4.5 19.3 4.5 13.3V6.1z"/><path d="M9.5 13.8l3.3 3.3 6-6.5"/></svg>
<span class="brand">${PAGE.brand}</span><span class="kind">${PAGE.kind[kind]}</span>
</header>`;
}

/** Says at first that nothing was checked: true until the script has run, and where it never runs. */
function verdict(): string {
  return `<section id="verdict" class="verdict" data-tone="none" tabindex="-1">
<div id="badge" class="badge"></div>
<div id="said" role="status"><h1>${PAGE.unchecked}</h1>
<p class="lead">${PAGE.uncheckedLead}</p>
<noscript><p class="lead"><strong>${text(PAGE.noScript, { command: COMMAND })}</strong></p></noscript></div>
<div id="pin" class="no-print" hidden>
${field('model', FORM.pin, '<input id="model" class="mono" type="text" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="model-help model-error">', `<button type="submit">${FORM.pin.button}</button>`)}
</div>
</section>`;
}

function sender(): string {
  return `<p class="sender"><strong>${PAGE.sender}</strong> ${text(PAGE.senderLead, { command: COMMAND })}</p>`;
}

function question(id: keyof typeof QUESTIONS, controls: string): string {
  return `<section id="q-${id}" class="question" aria-labelledby="${id}-title" hidden>
<h2 id="${id}-title">${QUESTIONS[id]}</h2>
<div class="reply"><div id="${id}-said" class="reply-text"></div>${controls}</div>
</section>`;
}

function compareFields(): string {
  const { row, opening, context, tolerance } = FORM;
  return `<details id="compare" class="aside no-print"><summary>${DATA.compare}</summary>
<div class="fields">
${field('row', row, '<textarea id="row" rows="2" spellcheck="false" autocomplete="off" aria-describedby="row-help row-error"></textarea>')}
<div id="opening-field" class="field"><label for="opening">${opening.label}</label>
<p id="opening-help" class="small">${opening.help} <span id="opening-name"></span></p>
<input id="opening" type="file" accept=".json,application/json" aria-describedby="opening-help"></div>
${field('tolerance', tolerance, '<input id="tolerance" type="text" inputmode="decimal" autocomplete="off" aria-describedby="tolerance-help tolerance-error">')}
${field('context', context, '<input id="context" type="text" autocomplete="off" aria-describedby="context-help context-error">')}
<button class="start" type="submit">${FORM.compare}</button>
</div></details>`;
}

function field(
  id: string,
  { label, help }: { readonly label: string; readonly help: string },
  control: string,
  button = '',
): string {
  return `<div class="field"><label for="${id}">${label}</label>
<p id="${id}-help" class="small">${help}</p>
<div class="control">${control}${button}</div>
<p id="${id}-error" class="error" role="alert"></p></div>`;
}

function fileZone(kind: PageKind): string {
  const { another, first, drop, help } = FORM.file;
  const title = kind === 'receipt' ? another : first;
  return `<section id="zone" class="open-file no-print">
<label id="drop" class="drop" for="file"><strong>${title}</strong> ${drop}
<span class="small drop-help">${help}</span>
<input id="file" type="file" multiple accept=".json,.html,.htm,application/json,text/html"></label>
<p id="trust-said" class="small" role="status"></p>
</section>`;
}

function onPaper(): string {
  return `<section class="paper-only"><h2 id="ids-title" hidden>${PAGE.ids}</h2><dl id="ids" class="facts"></dl>
<p>${PAGE.senderPaper}</p></section>`;
}
