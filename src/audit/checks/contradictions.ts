import type { Hex } from '@quietproof/verify';
import { DigestIndex } from '../flat/digest-index.ts';
import { NumberList } from '../flat/number-list.ts';
import { TextList } from '../flat/text-list.ts';
import type { CheckedRecord } from './checked-record.ts';

interface Answered {
  readonly place: number;
  readonly modelId: Hex;
  /** The public signals of the answer. */
  readonly outputs: string;
  readonly words: string;
}

/** Records about one input whose answers differ. */
export interface DifferentAnswers {
  readonly kind: 'contradicting-answers' | 'version-difference';
  readonly records: readonly Pick<Answered, 'place' | 'modelId' | 'words'>[];
}

/**
 * Finds records about one input with different answers, by what is proved: the input's signals, and the answer's. A model
 * is a function, so that two answers of one model to one input cannot both be its own, whatever they were asked for.
 */
export class AnswerComparison {
  readonly #inputs = new DigestIndex();
  /** By number of input, of its first record: place, model, and answer. */
  readonly #places = new NumberList();
  readonly #models = new NumberList();
  readonly #answers = new TextList();
  readonly #modelNumbers = new Map<Hex, number>();
  readonly #several = new Map<number, Answered[]>();

  /** @param record one that holds by itself */
  add({ verdict, held }: CheckedRecord, place: number): void {
    const answered = held?.answered;
    if (answered === undefined || verdict.model === undefined) return;
    const { modelId } = verdict.model;
    const { outputs } = answered;
    const { words } = verdict;
    const { number, isNew } = this.#inputs.add(answered.input);
    if (isNew) {
      this.#places.push(place);
      this.#models.push(this.#numberOf(modelId));
      this.#answers.push(`${outputs}\n${words}`);
      return;
    }
    const known = this.#several.get(number) ?? [this.#first(number)];
    this.#several.set(number, known);
    known.push({ place, modelId, outputs, words });
  }

  /** By the first record of each. */
  found(): DifferentAnswers[] {
    return [...this.#several].sort(([a], [b]) => a - b).flatMap(([, all]) => differencesIn(all));
  }

  #numberOf(modelId: Hex): number {
    const known = this.#modelNumbers.get(modelId);
    if (known !== undefined) return known;
    this.#modelNumbers.set(modelId, this.#modelNumbers.size);
    return this.#modelNumbers.size - 1;
  }

  #first(number: number): Answered {
    const answer = this.#answers.at(number);
    const end = answer.indexOf('\n');
    const modelId = [...this.#modelNumbers.keys()][this.#models.at(number)]!;
    return {
      place: this.#places.at(number),
      modelId,
      outputs: answer.slice(0, end),
      words: answer.slice(end + 1),
    };
  }
}

function differencesIn(all: readonly Answered[]): DifferentAnswers[] {
  const models = [...new Set(all.map(({ modelId }) => modelId))];
  const contradicting = models
    .map((modelId) => all.filter((one) => one.modelId === modelId))
    .filter((own) => new Set(own.map(({ outputs }) => outputs)).size > 1);
  const differ = models.length > 1 && new Set(all.map(({ words }) => words)).size > 1;
  return [
    ...contradicting.map((records) => ({ kind: 'contradicting-answers', records }) as const),
    ...(differ ? [{ kind: 'version-difference', records: all } as const] : []),
  ];
}
