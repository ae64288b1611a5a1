import { createHash } from 'node:crypto';
import { RECEIPT_CLOSE, RECEIPT_OPEN } from '@quietproof/verify';
import type { PageAssets } from './page-assets.ts';

/** The data in a page: a receipt contains a bundle, `verify.html` the record of its model. */
export type PageContent = { readonly bundle: Uint8Array } | { readonly model: Uint8Array };

const MODEL_OPEN = '<script type="text/plain" id="quietproof-model">';

/**
 * One HTML file that checks proofs without network or dynamic code, and has a Content-Security-Policy that enforces this.
 * Data from a bundle is stored as base64, and the script shows it only as text, so none of it is parsed as HTML.
 */
export function pageHtml(content: PageContent, assets: PageAssets): string {
  const receipt = 'bundle' in content;
  const data = receipt
    ? RECEIPT_OPEN + base64(content.bundle) + RECEIPT_CLOSE
    : MODEL_OPEN + base64(content.model) + RECEIPT_CLOSE;
  return `<!doctype html>
<html lang="en" data-state="checking">
<head>
<meta http-equiv="Content-Security-Policy" content="${policy(assets)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${receipt ? 'Proof receipt' : 'Check a proof'}</title>
<style>${assets.style}</style>
</head>
<body>
<a class="skip" href="#verdict">Go to the verdict</a>
<div class="sheet">
${masthead(receipt)}
<main>
${receipt ? receiptStart() : verifyStart()}
${SECTIONS}
${questions(receipt)}
</main>
${footer(receipt)}
</div>
${data}
<script>${assets.script}</script>
</body>
</html>
`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Allows only this page's own script and style, by their hashes. Nothing else may load. */
function policy({ script, style }: PageAssets): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function masthead(receipt: boolean): string {
  return `<header class="masthead">
<svg class="mark" viewBox="0 0 28 28" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M14 2.5l9.5 3.6v7.2c0 6-4 10.1-9.5 12.2C8.5 23.4 4.5 19.3 4.5 13.3V6.1z"/><path d="M9.5 13.8l3.3 3.3 6-6.5"/></svg>
<span class="brand">Quietproof</span><span class="kind">${receipt ? 'Proof receipt' : 'Check a proof'}</span>
</header>`;
}

function receiptStart(): string {
  return `<section id="verdict" class="verdict" data-state="checking" role="status" aria-live="polite" tabindex="-1">
<div class="verdict-text"><h1>Checking…</h1>
<p class="lead">The proof is being checked on this device, without network access.</p>
<noscript><p class="lead"><strong>Nothing has been checked.</strong> This page needs JavaScript to check the proof inside it.</p></noscript></div>
</section>
<section id="warnings" class="stripes" hidden></section>
<div class="sender"><p><strong>The sender wrote this page, including the verifier in it.</strong>
Before you rely on it, check it with a verifier from another source: run <code>quietproof verify</code> on this file, or
drop it on your own <code>verify.html</code>.</p>
<p class="paper-only">A printed page checks nothing: open the file itself.</p></div>`;
}

function verifyStart(): string {
  return `<section id="verdict" class="verdict" data-state="waiting" role="status" aria-live="polite" tabindex="-1">
<div class="verdict-text"><h1>Check a proof of this model</h1>
<p class="lead">Open a proof bundle or a receipt below. It is checked on this device and not sent anywhere.</p>
<p id="pinned" class="about"></p>
<noscript><p class="lead"><strong>This page needs JavaScript to check a proof.</strong></p></noscript></div>
</section>
<section id="warnings" class="stripes" hidden></section>`;
}

const SECTIONS = ['answer', 'input-shown', 'facts', 'meaning', 'checks', 'unchecked']
  .map((id) => `<section id="${id}" hidden></section>`)
  .join('\n');

function questions(receipt: boolean): string {
  const pinned = receipt
    ? 'From a contract, a web site or an earlier receipt, not from the sender of this one.'
    : 'This page accepts only this model. Compare its id with one from a source you trust.';
  return `<section class="no-print">
<h2>${receipt ? 'Check more' : 'The proof'}</h2>
<label id="drop" class="drop" for="file"><strong>Choose a file</strong> or drop one here
<span class="small">${receipt ? 'Another proof' : 'A proof'} (.proof.json), a receipt (.html), or the opening of its input (.opening.json)</span>
<input id="file" type="file" multiple accept=".json,.html,.htm,application/json,text/html"></label>
<form id="questions" novalidate>
${field('model', 'The model id you expect', pinned, '<input id="model" class="mono" type="text" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="model-help model-error">')}
${field('context', 'What the proof must be for', 'For example an order number, a question or a date, exactly as agreed.', '<input id="context" type="text" autocomplete="off" aria-describedby="context-help context-error">')}
${field('row', 'The input it must be about', 'The values in order, separated by spaces or commas; texts with spaces, or that look like numbers, in double quotes. If the input is private, also the opening file.', '<textarea id="row" rows="2" spellcheck="false" autocomplete="off" aria-describedby="row-help row-error"></textarea>')}
${field('tolerance', 'How close the input must be', 'How far each value may be from the proved one, in steps, from 0 to 0.5. Values further than half a step never pass.', '<input id="tolerance" type="text" inputmode="decimal" autocomplete="off" aria-describedby="tolerance-help tolerance-error">')}
<div class="field"><label for="opening">Opening file</label>
<p class="small">Named like 000000.opening.json. The prover has it. <span id="opening-name"></span></p>
<input id="opening" type="file" accept=".json,application/json"></div>
<div class="buttons"><button type="submit">${receipt ? 'Check again' : 'Check'}</button><button id="save" class="plain" type="button" hidden>Save the bundle</button></div>
</form>
</section>`;
}

function field(id: string, label: string, help: string, control: string): string {
  return `<div class="field"><label for="${id}">${label}</label>
<p id="${id}-help" class="small">${help}</p>
${control}
<p id="${id}-error" class="error" role="alert"></p></div>`;
}

function footer(receipt: boolean): string {
  const what = receipt
    ? 'This file holds the proof and a verifier.'
    : 'This file holds a verifier and a model’s key.';
  return `<footer><p>${what} It loads nothing and sends nothing. The proof is a Groth16 proof over BN254; any Groth16
verifier can check its parts.</p></footer>`;
}
