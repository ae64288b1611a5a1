import { ALARM_WORDS, type Alarm } from '@quietproof/client';
import { formatDuration, plural } from '../../text/units.ts';
import { timeText } from '../../watch/pages/times.ts';
import { verdictOf } from '../../watch/pages/verdict.ts';
import { standing, type WatchReport } from '../../watch/report.ts';
import type { Style } from './style.ts';

/** What happened, what exactly was found, and how long it took. */
export function renderAlarm({ code, kind, detail, since, found, receiptId }: Alarm, style: Style): string {
  const about = receiptId === undefined ? '' : `, receipt ${receiptId.slice(0, 16)}…`;
  return [
    `${style.red('✗')} ${style.bold(ALARM_WORDS[kind])}`,
    `  ${detail}`,
    style.dim(
      `  ${code} ${kind}${about}; found ${timeText(found)}, ${formatDuration(Math.max(0, found - since))} after it began`,
    ),
  ].join('\n');
}

/** What stands at the end. */
export function renderReport(report: WatchReport, style: Style): string[] {
  const { tone, title, lead } = verdictOf(report);
  const mark = { good: style.green('✓'), open: style.yellow('·'), bad: style.red('✗') }[tone];
  const alarms = standing(report).map(({ code, id, detail }) => `  ${code} ${detail} ${style.dim(id)}`);
  const { unexamined } = report;
  const rest = unexamined === 0 ? [] : [`  ${plural(unexamined, 'answer')} are checked at the next start`];
  return [`${mark} ${style.bold(title)}`, `  ${lead}`, ...alarms, ...rest];
}
