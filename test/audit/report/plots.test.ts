import { describe, expect, it } from 'vitest';
import type { Findings } from '../../../src/audit/findings/findings-types.ts';
import { answersPerDay } from '../../../src/audit/report/plots/answers-per-day.ts';
import { labelShares } from '../../../src/audit/report/plots/label-shares.ts';
import { largestSeries } from '../../../src/audit/report/plots/largest-series.ts';
import { modelNames } from '../../../src/audit/report/plots/model-names.ts';
import type { Plot } from '../../../src/audit/report/plots/plot.ts';
import { proofAge } from '../../../src/audit/report/plots/proof-age.ts';
import { axisUpTo } from '../../../src/audit/report/plots/stacked-bars.ts';
import { sampleFindings } from './support/sample-findings.ts';

const findings = sampleFindings();
const sum = (rows: readonly { readonly answers: number }[]) =>
  rows.reduce((all, { answers }) => all + answers, 0);
/** All numbers of a plot's table. */
const total = ({ data }: Plot) =>
  data.rows.flatMap((row) => row.slice(1)).reduce((all, cell) => all + Number(cell.replaceAll(',', '')), 0);
const bars = ({ shapes }: Plot) => shapes.filter((shape) => shape.kind === 'bar');
const withSeries = (series: Partial<Findings['series']>): Findings => ({
  ...findings,
  series: { answersPerDay: [], labelShares: [], proofAge: [], ...series },
});

describe('plots', () => {
  it('show every answer that the findings count', () => {
    const { series } = findings;
    expect(total(answersPerDay(findings)!)).toBe(sum(series.answersPerDay));
    expect(labelShares(findings).map(total)).toEqual([sum(series.labelShares)]);
    expect(total(proofAge(findings)!)).toBe(sum(series.proofAge));
  });

  it('have a column for days without answers, in its place', () => {
    const days = [
      { day: '2026-02-27', modelId: 'a', answers: 1 },
      { day: '2026-03-02', modelId: 'a', answers: 3 },
    ];
    const plot = answersPerDay(withSeries({ answersPerDay: days }))!;
    const labels = plot.shapes.flatMap((shape) =>
      shape.kind === 'label' && shape.anchor === 'middle' ? [shape.text] : [],
    );
    expect(labels).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
    const [first, second] = bars(plot);
    expect(second!.height / first!.height).toBeCloseTo(3);
    expect(second!.y + second!.height).toBeCloseTo(first!.y + first!.height);
  });

  it('sum long periods by month, and lose nothing', () => {
    const days = Array.from({ length: 800 }, (_, at) => ({
      day: new Date(Date.UTC(2024, 10, 30) + at * 86_400_000).toISOString().slice(0, 10),
      modelId: at % 2 === 0 ? 'a' : 'b',
      answers: at + 1,
    }));
    const plot = answersPerDay(withSeries({ answersPerDay: days }))!;
    expect(plot.title).toBe('Answers per month and model');
    expect(plot.data.rows).toHaveLength(28);
    expect(total(plot)).toBe(sum(days));
  });

  it('draw shares up to the top, whatever the sums', () => {
    const [plot] = labelShares(findings);
    const heights = new Map<number, number>();
    for (const { x, height } of bars(plot!)) heights.set(x, (heights.get(x) ?? 0) + height);
    expect(new Set([...heights.values()].map((height) => height.toFixed(6))).size).toBe(1);
  });

  it('give the largest series a colour of their own, and the others one together', () => {
    const sums = new Map(Array.from({ length: 9 }, (_, at) => [`m${at}`, at % 3]));
    const { names, indexOf } = largestSeries(sums, 'others');
    expect(names).toEqual(['m2', 'm5', 'm8', 'm1', 'm4', 'm7', 'others']);
    expect(['m2', 'm7', 'm0'].map(indexOf)).toEqual([0, 5, 6]);
  });

  it('are left out where there is nothing to show', () => {
    const none = withSeries({});
    expect([answersPerDay(none), labelShares(none), proofAge(none)]).toEqual([undefined, [], undefined]);
  });

  it.each([
    [1, 1, 1],
    [5, 5, 1],
    [6, 6, 2],
    [1200, 1500, 500],
    [999_999, 1_000_000, 200_000],
  ])('have an axis up to at least %d: %d in steps of %d', (most, top, step) => {
    expect(axisUpTo(most)).toEqual({ top, step });
  });

  it('tell models of one name apart by their ids', () => {
    const models = findings.models.map((model) => ({ ...model, name: 'm', version: '1' }));
    expect([...modelNames(models).values()]).toEqual([
      'm 1 (a1a1a1a1…)',
      'm 1 (b2b2b2b2…)',
      'm 1 (99999999…)',
    ]);
  });
});
