import { ALARM_CODES } from '@quietproof/client';
import { standing, type WatchReport } from '../report.ts';
import { totals } from './verdict.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly values: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

/** The text format of Prometheus. docs/verifier/watch.md describes the metrics. */
export function metricsText(report: WatchReport): string {
  return metricsOf(report)
    .map(({ name, help, type, values }) => {
      const own = `quietproof_watch_${name}`;
      const lines = values.map(({ labels, value }) => `${own}${labelText(labels)} ${value}`);
      return [`# HELP ${own} ${help}`, `# TYPE ${own} ${type}`, ...lines].join('\n');
    })
    .join('\n')
    .concat('\n');
}

function labelText(labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '_')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function metricsOf(report: WatchReport): Metric[] {
  const { models, log, now, lastRound, unchecked, unexamined, troubles } = report;
  const stand = standing(report);
  const of = (name: string, help: string, type: Metric['type'], value: number): Metric => ({
    name,
    help,
    type,
    values: [{ value }],
  });
  const byModel = (key: 'answers' | 'proved') =>
    models.map(({ id, name, [key]: value }) => ({ labels: { model: id, name }, value }));
  return [
    {
      name: 'answers_total',
      help: 'Answers with a promise that holds',
      type: 'counter',
      values: byModel('answers'),
    },
    { name: 'proofs_total', help: 'Proofs checked', type: 'counter', values: byModel('proved') },
    of('unchecked_total', 'Answers that could not be read or matched with a model', 'counter', unchecked),
    of('unexamined', 'Answers handed on and not checked yet', 'gauge', unexamined),
    of('waiting_for_log', 'Answers that no checkpoint covers yet', 'gauge', totals(report).waitingForLog),
    of('waiting_for_proof', 'Answers whose proof is awaited', 'gauge', totals(report).waitingForProof),
    of('log_entries', 'Entries of the log that the last checkpoint covers', 'gauge', log?.size ?? 0),
    of(
      'last_round_seconds',
      'Since everything could be asked',
      'gauge',
      lastRound === undefined ? -1 : now - lastRound,
    ),
    of(
      'troubles_total',
      'Times the watch could not do its work',
      'counter',
      troubles.reduce((sum, { times }) => sum + times, 0),
    ),
    {
      name: 'alarms',
      help: 'Alarms that stand',
      type: 'gauge',
      values: Object.entries(ALARM_CODES).map(([kind, code]) => ({
        labels: { kind, code },
        value: stand.filter((alarm) => alarm.kind === kind).length,
      })),
    },
  ];
}
