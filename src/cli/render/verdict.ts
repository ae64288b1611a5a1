import type { Answer, Check, NamedAnswer, ProducerClaims, Verdict } from '@quietproof/verify';
import { describeDistance, describeQuality } from './measured.ts';
import type { Style } from './style.ts';

/** A full verdict: headline, answer, every check, warnings. */
export function renderVerdict(file: string, verdict: Verdict, style: Style): string {
  const distance = describeDistance(verdict);
  const lines = [
    style.dim(file),
    `${mark(verdict, style)} ${style.bold(verdict.headline)}`,
    ...(verdict.answers ?? []).map((named) => `  answer: ${style.bold(describeNamed(named))}`),
    ...(distance === undefined ? [] : [`  input: ${distance}`]),
    ...(verdict.quality === undefined ? [] : [`  quality: ${describeQuality(verdict.quality)}`]),
    ...(verdict.claims === undefined ? [] : [`  the producer claims: ${describeClaims(verdict.claims)}`]),
    '',
    ...verdict.checks.map((check) => renderCheck(check, style)),
    ...verdict.unchecked.map(({ path }) => style.dim(`  · not checked: ${path}`)),
    ...verdict.warnings.map((warning) => style.yellow(`! ${warning}`)),
  ];
  return lines.join('\n');
}

/** A verdict on one line, for one of many. */
export function renderVerdictLine(file: string, verdict: Verdict, style: Style): string {
  const answers = (verdict.answers ?? []).map(describeNamed).join('; ');
  const answer = answers === '' ? '' : `  ${style.dim(answers)}`;
  return `${mark(verdict, style)} ${file}  ${verdict.valid ? `valid${answer}` : verdict.headline}`;
}

/** With the name of the output, where it has one. */
function describeNamed({ name, answer }: NamedAnswer): string {
  return name === undefined ? describeAnswer(answer) : `${name}: ${describeAnswer(answer)}`;
}

/** `label 7`, `label "benign" (0)`, `score ≥ 0.5: yes`, `0.12, −3.4 (logits)`. */
export function describeAnswer(answer: Answer): string {
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

function mark(verdict: Verdict, style: Style): string {
  if (verdict.accepted) return style.green('✓');
  return {
    valid: style.yellow('!'),
    unpinned: style.yellow('!'),
    incomplete: style.yellow('?'),
    invalid: style.red('✗'),
  }[verdict.outcome];
}

function renderCheck({ id, status, detail, code }: Check, style: Style): string {
  const marks = {
    pass: style.green('✓'),
    fail: style.red('✗'),
    missing: style.yellow('?'),
    skipped: style.dim('·'),
  };
  const text = `${id.padEnd(14)}${code === undefined ? '' : `${code} `}${detail}`;
  return `  ${marks[status]} ${status === 'skipped' ? style.dim(text) : text}`;
}
