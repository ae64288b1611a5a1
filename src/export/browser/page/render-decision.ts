import type { Answer, LogitsAnswer, NamedAnswer } from '@quietproof/verify';
import { type Content, element, foreign } from './dom.ts';
import { markOf, WORTH } from './marks.ts';
import { shortNumber, withUnit } from './numbers.ts';
import type { Shown } from './shown.ts';
import { text } from './template.ts';
import { valueTable } from './value-table.ts';
import { DECISION, SCORES_ARE } from './words.ts';

/** The names that `compile` gives to a lone output; they say nothing to a reader. */
const USUAL_NAMES = ['label', 'decision', 'logits'];

/** What was decided: every output of the model, each with its name where that says something. */
export function decisionSection({ verdict: { answers = [] }, finding }: Shown): Content[] {
  const worth = WORTH[finding.kind];
  const scoresShown = answers.some(({ answer }) => answer.kind === 'logits');
  const blocks = answers.map((answer) => answerBlock(answer, answers.length > 1));
  const hidden = !scoresShown && answers.some(({ answer }) => answer.kind !== 'category');
  const last = element('p', 'small', ...(hidden ? [DECISION.private, ' '] : []), worth && markOf(worth));
  return [...blocks, last];
}

function answerBlock({ name, answer }: NamedAnswer, several: boolean): HTMLElement {
  const named = name !== undefined && (several || !USUAL_NAMES.includes(name));
  const title = named ? element('h3', '', foreign(name)) : undefined;
  return element('div', 'answer', title, answerBody(answer), element('p', 'small', answerNote(answer)));
}

function answerBody(answer: Answer): HTMLElement {
  switch (answer.kind) {
    case 'label':
      return big(answer.name ?? text(DECISION.label.lone, { index: answer.index }));
    case 'decision':
      return big(answer.name ?? (answer.value ? DECISION.decision.yes : DECISION.decision.no));
    case 'category':
      return big(answer.value);
    case 'logits':
      return scores(answer);
  }
}

/** How the model came to the answer. */
function answerNote(answer: Answer): string {
  switch (answer.kind) {
    case 'label':
      return DECISION.label.note;
    case 'decision': {
      const { reached, below } = DECISION.decision;
      return text(answer.value ? reached : below, { threshold: answer.threshold });
    }
    case 'category':
      return DECISION.category.note;
    case 'logits':
      return DECISION.logits[SCORES_ARE[answer.head]];
  }
}

/** One score without a name of its own stands alone. */
function scores({ values, unit }: LogitsAnswer): HTMLElement {
  const texts = values.map(({ value }) => withUnit(shortNumber(value), unit));
  const [only] = texts;
  if (only !== undefined && texts.length === 1 && values[0]?.name === undefined) return big(only);
  const rows = values.map(
    ({ name }, index) =>
      [foreign(name ?? text(DECISION.logits.lone, { index })), foreign(texts[index] as string)] as const,
  );
  return valueTable(DECISION.logits.columns, rows);
}

function big(answer: string): HTMLElement {
  return element('p', 'big', foreign(answer));
}
