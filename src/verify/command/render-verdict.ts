import type { Answer, Check, NamedAnswer, Outcome, ProducerClaims, Verdict } from '../index.ts';
import { describeDistance, describeQuality } from './measured.ts';
import { renderStatement } from './render-statement.ts';
import { modelName, type Paint } from './words.ts';

/** A full verdict: headline, answer, every check, warnings. */
export function renderVerdict(file: string, verdict: Verdict, paint: Paint): string {
  const distance = describeDistance(verdict);
  const lines = [
    paint.dim(file),
    `${mark(verdict, paint)} ${paint.bold(verdict.headline)}`,
    ...(verdict.answers ?? []).map((named) => `  answer: ${paint.bold(describeNamed(named))}`),
    ...(distance === undefined ? [] : [`  input: ${distance}`]),
    ...(verdict.quality === undefined
      ? []
      : [`  the producer measured: ${describeQuality(verdict.quality, verdict.answers)}`]),
    ...(verdict.claims === undefined ? [] : [`  the producer claims: ${describeClaims(verdict.claims)}`]),
    '',
    ...verdict.checks.map((check) => renderCheck(check, paint)),
    ...(verdict.trust?.statements ?? []).map((one) => renderStatement(one, paint)),
    ...verdict.unchecked.map(({ path }) => paint.dim(`  · not checked: ${path}`)),
    ...verdict.warnings.map((warning) => paint.yellow(`! ${warning}`)),
  ];
  return lines.join('\n');
}

/** A verdict on one line, for one of many. @param withModel whether the line names the model */
export function renderVerdictLine(file: string, verdict: Verdict, paint: Paint, withModel: boolean): string {
  const { answers = [], model, outcome, headline } = verdict;
  if (!verdict.valid || model === undefined) return `${mark(verdict, paint)} ${file}  ${headline}`;
  const details = [...answers.map(describeNamed), ...(withModel ? [`model ${modelName(model)}`] : [])];
  const word = outcome === 'valid' || verdict.accepted ? 'valid' : 'holds';
  return `${mark(verdict, paint)} ${file}  ${word}${details.length === 0 ? '' : `  ${paint.dim(details.join('; '))}`}`;
}

/** With the name of the output, where it has one that the answer does not begin with. */
function describeNamed({ name, answer }: NamedAnswer): string {
  const said = describeAnswer(answer);
  return name === undefined || said.startsWith(`${name} `) ? said : `${name}: ${said}`;
}

/** `label 7`, `label "benign" (0)`, `score ≥ 0.5: yes`, `0.12, −3.4 (logits)`. */
function describeAnswer(answer: Answer): string {
  switch (answer.kind) {
    case 'label':
      return answer.name === undefined ? `label ${answer.index}` : `label "${answer.name}" (${answer.index})`;
    case 'decision': {
      const said = answer.value ? 'yes' : 'no';
      return `${answer.name === undefined ? said : `"${answer.name}"`} (score ≥ ${answer.threshold}: ${said})`;
    }
    case 'category':
      return `"${answer.value}"`;
    case 'logits': {
      const values = answer.values.map(
        ({ name, value }) => (name === undefined ? '' : `${name} `) + round(value),
      );
      const head = answer.head === 'none' ? '' : ` (before ${answer.head})`;
      return `${values.join(', ')}${answer.unit === undefined ? '' : ` ${answer.unit}`}${head}`;
    }
  }
}

/** The producer's claims, which nobody has checked: `set up 2026-01-31; 2 of 1000 labels differ from …; …`. */
function describeClaims({ producer, date, note, accuracy, soundness }: ProducerClaims): string {
  const flips = accuracy && `${accuracy.labelFlips} of ${accuracy.rows} labels differ from the float model's`;
  const parts = [
    producer,
    date && `set up ${date}`,
    flips,
    soundness && `circuit's soundness ${soundness.verdict} (rederive checks it again)`,
    note,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

function round(value: number): string {
  return String(Number(value.toPrecision(5)));
}

const MARKS: Readonly<Record<Outcome, (paint: Paint) => string>> = {
  valid: (paint) => paint.green('✓'),
  unpinned: (paint) => paint.yellow('!'),
  incomplete: (paint) => paint.yellow('?'),
  invalid: (paint) => paint.red('✗'),
};

function mark({ outcome, accepted }: Verdict, paint: Paint): string {
  return MARKS[accepted ? 'valid' : outcome](paint);
}

const CHECK_MARKS: Readonly<Record<Check['status'], (paint: Paint) => string>> = {
  pass: (paint) => paint.green('✓'),
  claimed: (paint) => paint.yellow('~'),
  fail: (paint) => paint.red('✗'),
  missing: (paint) => paint.yellow('?'),
  skipped: (paint) => paint.dim('·'),
};

function renderCheck({ id, status, detail, code }: Check, paint: Paint): string {
  const text = `${id.padEnd(14)}${code === undefined ? '' : `${code} `}${detail}`;
  return `  ${CHECK_MARKS[status](paint)} ${status === 'skipped' ? paint.dim(text) : text}`;
}
