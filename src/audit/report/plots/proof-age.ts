import { formatCount } from '../../../text/units.ts';
import type { Findings } from '../../findings/findings-types.ts';
import type { Plot } from './plot.ts';
import { SIZE, stackedBars } from './stacked-bars.ts';

const HOURS_OF_DAYS = 72;

/** How long after its answer a proof was in a checkpoint; undefined if no log says. */
export function proofAge({ series }: Findings): Plot | undefined {
  const rows = [...series.proofAge].sort((a, b) => a.hours - b.hours);
  if (rows.length === 0) return undefined;
  const most = rows.at(-1)!.hours;
  const counts = new Map(rows.map(({ hours, answers }) => [Math.log2(hours), answers]));
  const [from, to] = [Math.log2(rows[0]!.hours), Math.log2(most)];
  const stacks = Array.from({ length: to - from + 1 }, (_, at) => ({
    label: `≤ ${timeOf(2 ** (from + at))}`,
    values: [counts.get(from + at) ?? 0],
  }));
  const total = rows.reduce((sum, { answers }) => sum + answers, 0);
  return {
    id: 'proof-age',
    title: 'Age of the answers when their checkpoint was seen',
    description: `Bars by time from answer to checkpoint, up to ${timeOf(most)}; ${formatCount(total)} answers.`,
    ...SIZE,
    shapes: stackedBars(stacks, [], false),
    legend: [],
    data: {
      caption: 'Time from answer to checkpoint',
      columns: [
        { title: 'At most', kind: 'text', share: 1 },
        { title: 'Answers', kind: 'number', share: 1 },
      ],
      rows: stacks.map(({ label, values }) => [label.slice(2), formatCount(values[0]!)]),
    },
  };
}

function timeOf(hours: number): string {
  return hours < HOURS_OF_DAYS ? `${hours} h` : `${formatCount(Math.round(hours / 24))} days`;
}
