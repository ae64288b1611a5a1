import type { Duplicate } from '../index.ts';
import type { AskedCount, Summary } from './batch-summary.ts';
import type { Numbering } from './numbering.ts';
import { count, modelName, type Paint, plural, someOf } from './words.ts';

const WHY: Readonly<Record<Duplicate['why'], string>> = {
  copies: 'copies of one bundle',
  resealed: 'one proof under several statements',
  'cannot be told apart': 'one, or several requests for one input: they cannot be told apart',
};

/** The lines after the files' own: duplicates, numbering, and what holds for the batch as a whole. */
export function renderBatch(summary: Summary, paint: Paint, anyModel: boolean): string[] {
  const line = totals(summary, anyModel);
  const all = summary.valid === summary.total && (anyModel || summary.outcomes.unpinned === 0);
  return [
    ...summary.duplicates.map(({ files, why }) =>
      paint.yellow(`! the same record ${files.length} times (${WHY[why]}): ${someOf(files)}`),
    ),
    ...summary.numbering.flatMap((one) => renderNumbering(one, paint)),
    paint.bold(all ? paint.green(line) : line),
    `  model    ${aboutModel(summary, anyModel)}`,
    `  context  ${summary.asked.context === undefined ? 'not given, so not checked' : asked(summary.asked.context, summary.total, 'made for the one you gave', 'made for another')}`,
    `  input    ${aboutInput(summary)}`,
    ...summary.warnings.map((warning) => paint.yellow(`! ${warning}`)),
  ];
}

/** `142 proofs: 140 valid, 1 not valid, 1 not checked (QP7101: 1, QP7203: 1)`. */
function totals({ total, outcomes, codes }: Summary, anyModel: boolean): string {
  const valid = outcomes.valid + (anyModel ? outcomes.unpinned : 0);
  const parts = [
    `${count(valid)} valid`,
    ...(anyModel || outcomes.unpinned === 0
      ? []
      : [`${count(outcomes.unpinned)} of a model that you did not name`]),
    ...(outcomes.invalid === 0 ? [] : [`${count(outcomes.invalid)} not valid`]),
    ...(outcomes.incomplete === 0 ? [] : [`${count(outcomes.incomplete)} not checked`]),
  ];
  const found = Object.entries(codes).map(([code, files]) => `${code}: ${count(files)}`);
  return `${plural(total, 'proof')}: ${parts.join(', ')}${found.length === 0 ? '' : ` (${found.join(', ')})`}`;
}

function aboutModel({ asked: { model }, models, total }: Summary, anyModel: boolean): string {
  const found = models.map(
    (one) => `${modelName(one)}${models.length === 1 ? '' : `: ${count(one.proofs)}`}`,
  );
  const named = found.length === 0 ? '' : `; ${someOf(found)}`;
  if (model !== undefined) return `${asked(model, total, 'of a model you expect', 'of another')}${named}`;
  return `${anyModel ? 'any was accepted' : 'not given'}${named}`;
}

/** `all 142 made for the one you gave`, or `140 of 142 …, 1 made for another, 1 not reached`. */
function asked(
  { passed, failed, unreached }: AskedCount,
  total: number,
  right: string,
  wrong: string,
): string {
  if (passed === total) return total === 1 ? right : `all ${count(total)} ${right}`;
  return [
    `${count(passed)} of ${count(total)} ${right}`,
    ...(failed === 0 ? [] : [`${count(failed)} ${wrong}`]),
    ...(unreached === 0 ? [] : [`${count(unreached)} ended before this check`]),
  ].join(', ');
}

function aboutInput({ open, valid }: Summary): string {
  const unopened = open['input-not-opened'] ?? 0;
  if (valid === 0) return 'not checked';
  if (unopened === valid) return 'not opened: openings are checked one proof at a time';
  return unopened === 0
    ? 'public, in the bundles'
    : `public in ${count(valid - unopened)}, not opened in ${count(unopened)}`;
}

function renderNumbering(
  { folder, first, last, missing, gaps, repeated }: Numbering,
  paint: Paint,
): string[] {
  const runs = gaps.map(([from, to]) => (from === to ? rowName(from) : `${rowName(from)}–${rowName(to)}`));
  const more = missing - gaps.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const named = `${runs.join(', ')}${more === 0 ? '' : ` and ${count(more)} more`}`;
  const range = `${folder}: numbered ${rowName(first)} to ${rowName(last)}`;
  return [
    missing === 0
      ? `${range}, none missing`
      : paint.yellow(`! ${range}, ${count(missing)} missing: ${named}`),
    ...repeated.map((row) => paint.yellow(`! ${folder}: several files are numbered ${rowName(row)}`)),
  ];
}

const ROW_DIGITS = 6;

function rowName(row: number): string {
  return String(row).padStart(ROW_DIGITS, '0');
}
