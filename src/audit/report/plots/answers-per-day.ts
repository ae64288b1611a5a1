import { formatCount } from '../../../text/units.ts';
import type { Findings } from '../../findings/findings-types.ts';
import { daysBetween, monthsBetween } from './days.ts';
import { largestSeries } from './largest-series.ts';
import { modelNames } from './model-names.ts';
import type { Plot } from './plot.ts';
import { SIZE, stackedBars } from './stacked-bars.ts';

/** More days than a drawing has room for are summed by month. */
const MOST_DAYS = 200;

/** Accepted answers by day and model; undefined if no answer has a time. */
export function answersPerDay({ series, models }: Findings): Plot | undefined {
  const rows = [...series.answersPerDay].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  const [first, last] = [rows[0]?.day, rows.at(-1)?.day];
  if (first === undefined || last === undefined) return undefined;
  const days = daysBetween(first, last, 1);
  const monthly = days.length > MOST_DAYS;
  const labels = monthly ? monthsBetween(first, last) : days;
  const named = modelNames(models);
  const nameOf = (modelId: string) => named.get(modelId) ?? modelId;
  const sums = new Map<string, number>();
  for (const { modelId, answers } of rows)
    sums.set(nameOf(modelId), (sums.get(nameOf(modelId)) ?? 0) + answers);
  const { names, indexOf } = largestSeries(sums, 'other models');
  const values = new Map(labels.map((label) => [label, names.map(() => 0)]));
  for (const { day, modelId, answers } of rows) {
    const column = values.get(monthly ? day.slice(0, 7) : day)!;
    const at = indexOf(nameOf(modelId));
    column[at] = column[at]! + answers;
  }
  const stacks = labels.map((label) => ({ label, values: values.get(label)! }));
  const unit = monthly ? 'month' : 'day';
  const total = [...sums.values()].reduce((sum, count) => sum + count, 0);
  return {
    id: 'answers-per-day',
    title: `Answers per ${unit} and model`,
    description: `Bars, one for each ${unit} from ${labels[0]} to ${labels.at(-1)}: ${formatCount(total)} accepted answers with a time, of ${sums.size === 1 ? 'one model' : `${sums.size} models`}.`,
    ...SIZE,
    shapes: stackedBars(stacks, names, false),
    legend: names,
    data: {
      caption: `Answers per ${unit} and model`,
      columns: [
        { title: monthly ? 'Month' : 'Day', kind: 'text', share: 1 },
        ...names.map((title) => ({ title, kind: 'number' as const, share: 1 })),
      ],
      rows: stacks
        .filter((stack) => stack.values.some((count) => count > 0))
        .map((stack) => [stack.label, ...stack.values.map(formatCount)]),
    },
  };
}
