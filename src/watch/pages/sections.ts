import { ALARM_WORDS, type Alarm, type ModelStatus, NOTICE_WORDS, type Notice } from '@quietproof/client';
import { formatCount, formatDuration } from '../../text/units.ts';
import { standing, type WatchReport } from '../report.ts';
import { type Html, html } from './html.ts';
import { OWN_PATHS } from './own-paths.ts';
import { timeText } from './times.ts';
import { icon } from './verdict.ts';

/** Alarms shown on the page: the others are in its JSON. */
const MOST_SHOWN = 50;

function section(id: string, title: string, content: Html): Html {
  return html`<section id="${id}" class="question" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2><div class="reply">${content}</div></section>`;
}

function facts(pairs: readonly (readonly [string, Html | string] | undefined)[]): Html {
  const shown = pairs.filter((pair) => pair !== undefined);
  return html`<dl class="facts">${shown.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

export function alarmSection(report: WatchReport): Html {
  const stand = standing(report);
  const past = report.alarms.filter((alarm) => !stand.includes(alarm));
  if (report.alarms.length === 0) return html``;
  const list = (alarms: readonly Alarm[]) =>
    html`<ul class="checks">${alarms.slice(-MOST_SHOWN).reverse().map(alarmItem)}</ul>`;
  return html`${stand.length > 0 && section('alarms', 'What is off', list(stand))}
${past.length > 0 && section('past', 'Over, or acknowledged', list(past))}`;
}

function alarmItem(alarm: Alarm): Html {
  const { code, kind, detail, cause, receiptId, evidence, since, found, ended, acknowledged } = alarm;
  const stands = ended === undefined && acknowledged === undefined;
  const links = [
    receiptId !== undefined &&
      html` · receipt <a href="/receipts/${receiptId}"><code>${receiptId.slice(0, 12)}…</code></a>`,
    evidence !== undefined &&
      html` · <a href="${OWN_PATHS.evidence}${alarmKey(alarm)}">evidence for others</a>`,
  ];
  return html`<li class="check ${stands ? 'fail' : 'skipped'}">${icon('bad')}<div>
<div class="check-title"><span>${ALARM_WORDS[kind]}</span><span class="status"><span class="code">${code}</span></span></div>
<p class="small">${detail}${cause !== undefined && html` <span class="code">${cause}</span>`}</p>
<p class="small"><code>${alarm.id}</code> · found ${timeText(found)}, ${formatDuration(Math.max(0, found - since))} after it began${ended !== undefined && html` · over since ${timeText(ended)}`}${acknowledged !== undefined && html` · acknowledged ${timeText(acknowledged)}`}${links}</p>
</div></li>`;
}

/** Of an alarm, for addresses and for receivers that get it twice. */
export function alarmKey({ id }: Pick<Alarm, 'id'>): string {
  return Buffer.from(id).toString('base64url');
}

export function answerSection({ models, unchecked, unexamined }: WatchReport): Html {
  const rows = models.map(modelRow);
  const left = [
    unexamined > 0 &&
      html`<p class="small">${formatCount(unexamined)} handed on a moment ago are being checked.</p>`,
    unchecked > 0 &&
      html`<p class="small">${formatCount(unchecked)} could not be read or matched with a model.</p>`,
  ];
  return section(
    'answers',
    'Answers',
    html`<table class="values"><thead><tr><th>Model</th><th>Answers</th><th>In the log</th><th>Proofs</th></tr></thead>
<tbody>${rows}</tbody></table>${left}`,
  );
}

function modelRow({
  id,
  name,
  answers,
  waitingForLog,
  waitingForProof,
  proved,
  lastAnswer,
}: ModelStatus): Html {
  const last = lastAnswer === undefined ? '' : `last ${timeText(lastAnswer)}`;
  return html`<tr><th scope="row">${name}<span class="below"><code class="id">${id}</code></span><span class="below">${last}</span></th>
<td>${formatCount(answers)}</td><td>${formatCount(answers - waitingForLog)}<span class="below">${waitingForLog > 0 && `${formatCount(waitingForLog)} to come`}</span></td>
<td>${formatCount(proved)}<span class="below">${waitingForProof > 0 && `${formatCount(waitingForProof)} to come`}</span></td></tr>`;
}

const KEY_FROM = {
  options: 'given to the watch',
  trust: 'named by your trust file',
  'first-sight': 'the endpoint’s own word, when it was seen first',
} as const;

export function logSection({ log }: WatchReport): Html {
  if (log === undefined) return section('log', 'The log', html`<p>The endpoint was not reached yet.</p>`);
  const { origin, keys, from, size, checkpointAt, witnesses, witnessedAt, unread } = log;
  return section(
    'log',
    'The log',
    facts([
      ['name', origin],
      ['key', html`${keys.map((key) => html`<code class="id">${key}</code> `)}(${KEY_FROM[from]})`],
      ['entries', formatCount(size)],
      ['last checkpoint', checkpointAt === undefined ? 'none yet' : timeText(checkpointAt)],
      [
        'witnesses',
        witnesses === 0
          ? 'none: a log that shows others something else is found only by comparing'
          : `${formatCount(witnesses)} asked for, ${witnessedAt === undefined ? 'not seen yet' : `seen ${timeText(witnessedAt)}`}`,
      ],
      unread > 0 ? ['not read', `${formatCount(unread)} entries that others got`] : undefined,
    ]),
  );
}

export function noticeSection({ notices }: WatchReport): Html {
  if (notices.length === 0) return html``;
  const item = ({ kind, detail, found }: Notice) =>
    html`<li class="check claimed">${icon('open')}<div><div class="check-title"><span>${NOTICE_WORDS[kind]}</span></div>
<p class="small">${detail} · ${timeText(found)}</p></div></li>`;
  return section(
    'notices',
    'To know',
    html`<ul class="checks">${notices.slice(-MOST_SHOWN).reverse().map(item)}</ul>`,
  );
}

export function watchSection({ upstream, since, lastRound, troubles }: WatchReport): Html {
  const list = troubles.map(
    ({
      what,
      last,
      times,
    }) => html`<li class="check claimed">${icon('open')}<div><div class="check-title"><span>${what}</span></div>
<p class="small">${formatCount(times)} ×, last ${timeText(last)}</p></div></li>`,
  );
  return section(
    'watch',
    'The watch',
    html`${facts([
      ['watches', upstream],
      ['since', timeText(since)],
      ['last full round', lastRound === undefined ? 'none yet' : timeText(lastRound)],
    ])}${troubles.length > 0 && html`<ul class="checks">${list}</ul>`}`,
  );
}

export function limitSection({ limits }: WatchReport): Html {
  return section(
    'limits',
    'What it cannot see',
    html`<div class="reply-text"><ul>${limits.map((limit) => html`<li>${limit}</li>`)}</ul></div>`,
  );
}
