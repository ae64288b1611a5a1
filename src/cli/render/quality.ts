import type { AccuracyReport } from '../../compile/accuracy-report.ts';
import type { BrokenContract } from '../../compile/quality/broken-contract.ts';
import type { WorstRow } from '../../compile/quality/compare.ts';
import type { Judgement } from '../../compile/quality/judge.ts';
import { brokenBy, judgementWords, share } from '../../compile/quality/judgement-words.ts';
import type { SensitivityTable } from '../../compile/search/sensitivity.ts';
import { formatCount, formatPercent, plural } from '../../text/units.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';

/** What precedes a result: ✓ only where the contract is kept. A model that breaks it was accepted by the user. */
export function qualityMark(judgement: Judgement, style: Style): string {
  switch (judgement.result) {
    case 'kept':
      return style.green('✓');
    case 'not-judged':
      return style.yellow(`${judgementWords(judgement)}.`);
    case 'broken':
      return style.yellow('loss accepted.');
  }
}

/** `kept: …`, `not judged: 30 of 598 rows`, `broken: …`. */
export function describeJudgement(judgement: Judgement): string {
  const { result } = judgement;
  return result === 'not-judged' ? judgementWords(judgement) : `${result}: ${brokenBy(judgement)}`;
}

/** What was measured, whatever it was judged by: rows, labels, errors, accuracies. */
export function describeAccuracy(report: AccuracyReport): string {
  const { rows, outside, floatAccuracy, integerAccuracy, labelFlips, error, leafSums, reference } = report;
  if (rows === 0) return 'no row was held out';
  const parts = [`${plural(rows, 'held-out row')}, compared with ${reference.name} ${reference.version}`];
  if (labelFlips !== undefined)
    parts.push(`${plural(labelFlips, 'label')} ${labelFlips === 1 ? 'flips' : 'flip'}`);
  if (error !== undefined) parts.push(describeError(error));
  if (floatAccuracy !== undefined && integerAccuracy !== undefined) {
    parts.push(`float ${formatPercent(floatAccuracy)} right, integer ${formatPercent(integerAccuracy)}`);
  }
  if (leafSums !== undefined && labelFlips !== undefined) {
    parts.push(
      `${plural(leafSums.within, 'row')} so close to another label that float32 rounding may decide (bound ${short(leafSums.bound)})`,
    );
  }
  if (outside > 0) parts.push(`${plural(outside, 'row')} outside the input's ranges, clamped`);
  return parts.join('; ');
}

function describeError({ share: largest, outputs }: NonNullable<AccuracyReport['error']>): string {
  const worst = outputs.reduce((a, b) => (b.largest > a.largest ? b : a));
  const rms = Math.sqrt(outputs.reduce((sum, own) => sum + own.rms ** 2, 0) / outputs.length);
  const where = outputs.length === 1 ? '' : `output ${outputs.indexOf(worst)} of `;
  return `largest error ${short(worst.largest)} (${where}row ${worst.row}), ${share(largest)} of the span; RMS ${short(rms)}`;
}

/** Why a model was not compiled: the measure, the parts that lose the most, and the worst rows. */
export function renderBroken({ judgement, bits, sensitivity }: BrokenContract, style: Style): string {
  const { comparison } = judgement;
  const measured = `at ${bits}, each alone with all other parts at ${sensitivity.others} bits, over ${plural(sensitivity.rows, 'held-out row')}`;
  return [
    `${style.red('✗')} ${style.bold('the contract is broken')}: ${brokenBy(judgement)}`,
    '',
    `Where the most is lost (${measured}):`,
    '',
    sensitivityTable(sensitivity, style),
    '',
    'The worst rows:',
    '',
    worstTable(comparison!.worst, style),
  ].join('\n');
}

/** Parts beyond these lose less. */
const SHOWN_PARTS = 8;

function sensitivityTable({ parts }: SensitivityTable, style: Style): string {
  const columns = [
    { title: 'layer' },
    { title: 'part' },
    { title: 'bits', align: 'right' },
    { title: 'labels that flip', align: 'right' },
    { title: 'largest error', align: 'right' },
  ] as const;
  const rows = parts
    .slice(0, SHOWN_PARTS)
    .map(({ layer, part, bits, flips, error }) => [
      layer ?? (part === 'input' ? 'input' : 'all layers'),
      part,
      String(bits),
      flips === undefined ? '' : formatCount(flips),
      error === undefined ? '' : share(error),
    ]);
  const known = columns.map((_, c) => rows.some((row) => row[c] !== ''));
  const pick = <T>(cells: readonly T[]) => cells.filter((_, c) => known[c]);
  return indent(renderTable(pick(columns), rows.map(pick), style.dim));
}

function worstTable(worst: readonly WorstRow[], style: Style): string {
  const columns = [
    { title: 'row', align: 'right' },
    { title: 'output', align: 'right' },
    { title: 'float', align: 'right' },
    { title: 'integer', align: 'right' },
    { title: 'label, float' },
    { title: 'label, integer' },
  ] as const;
  const rows = worst.map(({ row, value, label }) => [
    String(row),
    ...(value === undefined
      ? ['', '', '']
      : [String(value.output), short(value.float), short(value.integer)]),
    ...(label === undefined ? ['', ''] : [String(label.float), String(label.integer)]),
  ]);
  return indent(renderTable(columns, rows, style.dim));
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
