import { createHash } from 'node:crypto';
import { standing, type WatchReport } from '../report.ts';
import { type Html, html, Html as RawHtml } from './html.ts';
import { OWN_PATHS } from './own-paths.ts';
import {
  alarmSection,
  answerSection,
  limitSection,
  logSection,
  noticeSection,
  watchSection,
} from './sections.ts';
import { verdictSection } from './verdict.ts';

/** Every five seconds, what has changed takes the place of what was there. */
const SCRIPT = `setInterval(async () => {
  try {
    const answer = await fetch(location.href, { cache: 'no-store' });
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const [now, then] = ['main', 'main'].map((name, k) => (k ? next : document).querySelector(name));
    if (then && now.innerHTML !== then.innerHTML) now.innerHTML = then.innerHTML;
    document.title = next.title;
    document.documentElement.dataset.state = 'live';
  } catch {
    document.documentElement.dataset.state = 'gone';
  }
}, 5000);`;

const STYLE = `
.check-title { align-items: start; }
html[data-state="gone"] .live { color: var(--bad); font-weight: 600; }
html[data-state="gone"] .live span, html:not([data-state="gone"]) .live strong { display: none; }
#answers .values th[scope="row"] { width: 55%; }
#answers .values code { font-size: 0.75rem; }
#answers thead th { overflow-wrap: normal; }
a { color: var(--brand); }
@media (max-width: 36rem) {
  .check-title { flex-direction: column; gap: 0.25rem; }
  #answers .values th[scope="row"] { width: 40%; }
  #answers .values td, #answers thead th + th { padding-left: 0.5rem; }
}`;

const LOGO = html`<svg class="logo" viewBox="0 0 28 28" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M14 2.5l9.5 3.6v7.2c0 6-4 10.1-9.5 12.2C8.5 23.4 4.5 19.3 4.5 13.3V6.1z"/><path d="M9.5 13.8l3.3 3.3 6-6.5"/></svg>`;

export interface Page {
  readonly text: string;
  /** Allows only its own script and style, and to ask for itself again. */
  readonly policy: string;
}

/** @param style that of receipts, so that both look alike */
export function statusPage(report: WatchReport, style: string): Page {
  const styles = style + STYLE;
  const alarms = standing(report).length;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${alarms > 0 && `(${alarms}) `}Watch on ${new URL(report.upstream).host}</title>
<style>${new RawHtml(styles)}</style>
</head>
<body>
<a class="skip" href="#verdict">To the result</a>
<div class="sheet">
<header class="masthead">${LOGO}<span class="brand">Quietproof</span><span class="kind">Watch on ${new URL(report.upstream).host}</span></header>
<main>
${bodyOf(report)}
</main>
<footer><p class="live"><span>Looks again every 5 seconds.</span><strong>The watch does not answer: this page is old.</strong></p>
<p><a href="${OWN_PATHS.status}">JSON</a> · <a href="${OWN_PATHS.metrics}">metrics</a></p></footer>
</div>
<script>${new RawHtml(SCRIPT)}</script>
</body>
</html>
`;
  return { text: page.text, policy: policyOf(styles) };
}

function bodyOf(report: WatchReport): Html {
  const sections = [alarmSection, answerSection, logSection, noticeSection, watchSection, limitSection];
  return html`${verdictSection(report)}
${sections.map((section) => section(report))}`;
}

function policyOf(style: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `script-src ${hash(SCRIPT)}`,
    `style-src ${hash(style)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
