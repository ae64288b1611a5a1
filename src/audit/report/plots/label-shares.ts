import { formatCount } from '../../../text/units.ts';
import type { Findings } from '../../findings/findings-types.ts';
import { daysBetween } from './days.ts';
import { largestSeries } from './largest-series.ts';
import { modelNames } from './model-names.ts';
import type { Plot } from './plot.ts';
import { SIZE, stackedBars } from './stacked-bars.ts';

/** Models with a drawing of their own, those with most answers; `findings.json` has the numbers of all. */
const MOST_MODELS = 6;

/** For each model that answers with labels, the share of each label by week. */
export function labelShares({ series, models }: Findings): Plot[] {
  const named = modelNames(models);
  const byModel = new Map<string, Findings['series']['labelShares'][number][]>();
  for (const row of series.labelShares) byModel.set(row.modelId, [...(byModel.get(row.modelId) ?? []), row]);
  const sized = Array.from(byModel, ([modelId, rows]) => ({ modelId, rows, answers: sumOf(rows) }));
  sized.sort((a, b) => b.answers - a.answers || (a.modelId < b.modelId ? -1 : 1));
  return sized
    .slice(0, MOST_MODELS)
    .map(({ modelId, rows }, at) => plotOf(named.get(modelId) ?? modelId, at + 1, rows));
}

type Rows = Findings['series']['labelShares'];

function plotOf(model: string, place: number, rows: Rows): Plot {
  const weeks = rows.map(({ week }) => week).sort();
  const labels = daysBetween(weeks[0]!, weeks.at(-1)!, 7);
  const sums = new Map<string, number>();
  for (const { label, answers } of rows) sums.set(label, (sums.get(label) ?? 0) + answers);
  const { names, indexOf } = largestSeries(sums, 'other labels');
  const values = new Map(labels.map((week) => [week, names.map(() => 0)]));
  for (const { week, label, answers } of rows) {
    const column = values.get(week)!;
    column[indexOf(label)] = column[indexOf(label)]! + answers;
  }
  const stacks = labels.map((label) => ({ label, values: values.get(label)! }));
  const title = `Labels per week: ${model}`;
  return {
    id: `labels-${place}`,
    title,
    description: `Bars, one for each week from that of ${labels[0]} to that of ${labels.at(-1)}, in shares of ${names.join(', ')}; ${formatCount(sumOf(rows))} answers.`,
    ...SIZE,
    shapes: stackedBars(stacks, names, true),
    legend: names,
    data: {
      caption: title,
      columns: [
        { title: 'Week of', kind: 'text', share: 1 },
        ...names.map((name) => ({ title: name, kind: 'number' as const, share: 1 })),
      ],
      rows: stacks
        .filter((stack) => stack.values.some((count) => count > 0))
        .map((stack) => [stack.label, ...stack.values.map(formatCount)]),
    },
  };
}

function sumOf(rows: Rows): number {
  return rows.reduce((sum, { answers }) => sum + answers, 0);
}
