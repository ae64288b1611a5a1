import type { Answer, NamedAnswer, Verdict } from '@quietproof/verify';

/** The label of an answer; undefined for scores. */
export function labelOf(answer: Answer): string | undefined {
  switch (answer.kind) {
    case 'logits':
      return undefined;
    case 'label':
      return answer.name ?? `label ${answer.index}`;
    case 'decision':
      return answer.name ?? (answer.value ? 'yes' : 'no');
    case 'category':
      return answer.value;
  }
}

/** The answers of a record in a line; empty for a record that is not valid. */
export function answerWords({ answers = [] }: Pick<Verdict, 'answers'>): string {
  return answers.map(oneAnswer).join('; ');
}

function oneAnswer({ name, answer }: NamedAnswer): string {
  const words =
    answer.kind === 'logits'
      ? answer.values.map((one) => `${one.name === undefined ? '' : `${one.name} `}${one.value}`).join(', ')
      : labelOf(answer);
  return name === undefined ? `${words}` : `${name}: ${words}`;
}
