import { formatCount, plural } from '../../text/units.ts';
import { standing, type WatchReport } from '../report.ts';
import { type Html, html } from './html.ts';
import { timeText } from './times.ts';

/** `open`: nothing is known to be wrong, but not all could be looked at. */
export type Tone = 'good' | 'open' | 'bad';

export interface Verdict {
  readonly tone: Tone;
  readonly title: string;
  readonly lead: string;
}

/** The state of the watch in a sentence or two, for the page and for terminals. */
export function verdictOf(report: WatchReport): Verdict {
  const alarms = standing(report).length;
  const facts = factsOf(report);
  if (alarms > 0) {
    const title = alarms === 1 ? 'Something is off' : `${formatCount(alarms)} things are off`;
    return { tone: 'bad', title, lead: facts };
  }
  const hindered = hindranceOf(report);
  if (hindered !== undefined)
    return { tone: 'open', title: 'No alarm, but not all is checked', lead: hindered };
  const { answers } = totals(report);
  if (answers === 0) return { tone: 'open', title: 'No answer has come through yet', lead: WAITING };
  return { tone: 'good', title: 'Nothing is off, as far as the watch sees', lead: facts };
}

const WAITING = 'Have a client use the address of this watch instead of that of the endpoint.';

export interface Totals {
  readonly answers: number;
  readonly waitingForLog: number;
  readonly waitingForProof: number;
  readonly proved: number;
}

export function totals({ models }: Pick<WatchReport, 'models'>): Totals {
  const sum = (key: keyof Totals) => models.reduce((all, own) => all + own[key], 0);
  return {
    answers: sum('answers'),
    waitingForLog: sum('waitingForLog'),
    waitingForProof: sum('waitingForProof'),
    proved: sum('proved'),
  };
}

function factsOf(report: WatchReport): string {
  const { answers, waitingForProof, proved } = totals(report);
  const promised = `${plural(answers, 'answer')} with a promise that holds so far`;
  const rest = waitingForProof === 0 ? '' : `, ${formatCount(waitingForProof)} more awaited`;
  return `Since ${timeText(report.since)}: ${promised}, ${plural(proved, 'proof')} checked${rest}.`;
}

function hindranceOf({ unreachableSince, troubles, now }: WatchReport): string | undefined {
  if (unreachableSince !== undefined) {
    return `The endpoint cannot be asked for its log and its proofs since ${timeText(unreachableSince)}.`;
  }
  const [trouble] = troubles;
  // Over when it has not come again for a while.
  if (trouble === undefined || now - trouble.last > TROUBLE_SECONDS) return undefined;
  return `The watch itself is in trouble: ${trouble.what}`;
}

const TROUBLE_SECONDS = 300;

const BADGES: Readonly<Record<Tone, Html>> = {
  good: html`<path d="M4 12.5l5.2 5.2L20 6.5"/>`,
  open: html`<path d="M12 6v7"/><path d="M12 17.6v.1"/>`,
  bad: html`<path d="M6 6l12 12M18 6L6 18"/>`,
};

export function icon(tone: Tone): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${BADGES[tone]}</svg>`;
}

export function verdictSection(report: WatchReport): Html {
  const { tone, title, lead } = verdictOf(report);
  return html`<section id="verdict" class="verdict" data-tone="${tone}" tabindex="-1">
<div class="badge">${icon(tone)}</div>
<div id="said" role="status"><h1>${title}</h1><p class="lead">${lead}</p></div>
</section>`;
}
