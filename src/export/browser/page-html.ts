import { createHash } from 'node:crypto';
import { RECEIPT_CLOSE, RECEIPT_OPEN } from '@quietproof/verify';
import type { PageKind } from './page/page-kind.ts';
import { PAGE } from './page/words.ts';
import type { PageAssets } from './page-assets.ts';
import { pageBody } from './page-body.ts';

/** The data in a page: a receipt contains a bundle, `verify.html` the record of its model. */
export type PageContent =
  | {
      readonly bundle: Uint8Array;
      /** What the sender tells of who vouches for the model: see `page/told.ts`. */
      readonly told?: Uint8Array;
    }
  | { readonly model: Uint8Array };

const TOLD_OPEN = '<script type="text/plain" id="quietproof-told">';
const MODEL_OPEN = '<script type="text/plain" id="quietproof-model">';

/** The head of a page that loads nothing. @param title holds no text of a bundle */
export function pageHead(title: string, assets: PageAssets): string {
  return `<head>
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(assets)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${assets.style}</style>
</head>
`;
}

/**
 * One HTML file that checks proofs without network or dynamic code, and has a Content-Security-Policy that enforces this.
 * Data from a bundle is stored as base64, and the script shows it only as text, so none of it is parsed as HTML.
 */
export function pageHtml(content: PageContent, assets: PageAssets): string {
  const kind: PageKind = 'bundle' in content ? 'receipt' : 'model';
  const data = dataOf(content);
  return `<!doctype html>
<html lang="en" data-state="checking">
${pageHead(PAGE.kind[kind], assets)}<body>
${pageBody(kind)}
${data}
<script>${assets.script}</script>
</body>
</html>
`;
}

function dataOf(content: PageContent): string {
  if ('model' in content) return MODEL_OPEN + base64(content.model) + RECEIPT_CLOSE;
  const { bundle, told } = content;
  const own = RECEIPT_OPEN + base64(bundle) + RECEIPT_CLOSE;
  return told === undefined ? own : `${own}\n${TOLD_OPEN}${base64(told)}${RECEIPT_CLOSE}`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Allows only this page's own script and style, by their hashes. Nothing else may load. */
function contentPolicy({ script, style }: PageAssets): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
