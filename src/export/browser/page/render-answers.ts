import type { Answer, LogitsAnswer, NamedAnswer, Verdict } from '@quietproof/verify';
import { type Content, element, foreign, heading } from './dom.ts';
import { valueTable } from './value-table.ts';
import { answerNote, shortNumber } from './wording.ts';

/** Every output of the model, each with its name where it has one. */
export function answersSection({ answers = [] }: Verdict): Content[] {
  if (answers.length === 0) return [];
  const scoresShown = answers.some(({ answer }) => answer.kind === 'logits');
  return [
    heading(answers.length === 1 ? 'The answer' : `The ${answers.length} answers`),
    ...answers.map((answer) => answerBlock(answer, scoresShown)),
  ];
}

function answerBlock({ name, answer }: NamedAnswer, scoresShown: boolean): HTMLElement {
  const title = name === undefined ? undefined : element('h3', '', foreign(name));
  const note = element('p', 'small', answerNote(answer, scoresShown));
  return element('div', 'answer', title, answerBody(answer), note);
}

function answerBody(answer: Answer): HTMLElement {
  switch (answer.kind) {
    case 'label':
      return big(answer.name ?? `Label ${answer.index}`);
    case 'decision':
      return big(answer.name ?? (answer.value ? 'Yes' : 'No'));
    case 'category':
      return big(answer.value);
    case 'logits':
      return scores(answer);
  }
}

/** One score without a name of its own stands alone. */
function scores({ values, unit }: LogitsAnswer): HTMLElement {
  const texts = values.map(({ value }) => `${shortNumber(value)}${unit === undefined ? '' : ` ${unit}`}`);
  const [only] = texts;
  if (only !== undefined && texts.length === 1 && values[0]?.name === undefined) return big(only);
  const rows = values.map(
    ({ name }, index) => [foreign(name ?? `Score ${index}`), foreign(texts[index] as string)] as const,
  );
  return valueTable(['Score', 'Value'], rows);
}

function big(text: string): HTMLElement {
  return element('p', 'big', foreign(text));
}
