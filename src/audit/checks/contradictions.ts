import { createHash } from 'node:crypto';
import {
  type AnyInterface,
  canonicalJson,
  type Hex,
  INPUT_MODES,
  PreparedModel,
  type Reading,
  readingOf,
} from '@quietproof/verify';
import { answerWords } from './answer-words.ts';
import type { CheckedRecord } from './check-records.ts';

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

interface KnownModel {
  readonly reading: Reading;
  /** The form of the input: equal signals are the same input only in the same form. */
  readonly form: string;
}

/**
 * Finds records about one input with different answers, by what is proved: the input's signals, and the answer's. A model
 * is a function, so that two answers of one model to one input cannot both be its own, whatever they were asked for.
 */
export class AnswerComparison {
  readonly #byInput = new Map<string, Answered[]>();
  readonly #models = new Map<Hex, KnownModel>();

  /** @param record one that holds by itself */
  add(record: CheckedRecord, place: number): void {
    const { verdict, held } = record;
    const model = verdict.model && this.#known(verdict.model.modelId, record);
    if (held === undefined || verdict.model === undefined || model === undefined) return;
    const { plan, input } = model.reading;
    const signals = held.bundle.publicSignals;
    const outputs = signals.slice(0, plan.output.length).join(' ');
    const inputs = signals.slice(plan.output.length, plan.output.length + plan.input.length).join(' ');
    const { modelId } = verdict.model;
    // Open inputs of different models are compared by nobody: equal ones are no rarity.
    const scope = INPUT_MODES[input.mode].salted ? model.form : modelId;
    const key = createHash('sha256').update(`${scope}\n${inputs}`).digest('base64');
    const answered = { place, modelId, outputs, words: answerWords(verdict) };
    const known = this.#byInput.get(key);
    if (known === undefined) this.#byInput.set(key, [answered]);
    else known.push(answered);
  }

  /** By the first record of each. */
  found(): DifferentAnswers[] {
    return [...this.#byInput.values()].filter((all) => all.length > 1).flatMap(differencesIn);
  }

  #known(modelId: Hex, { item, held }: CheckedRecord): KnownModel | undefined {
    const known = this.#models.get(modelId);
    if (known !== undefined) return known;
    const shown: AnyInterface | undefined =
      held?.bundle.model?.interface ??
      (item.companion instanceof PreparedModel ? item.companion.record.interface : undefined);
    if (shown === undefined) return undefined;
    const made = { reading: readingOf(shown), form: canonicalJson(shown.input) };
    this.#models.set(modelId, made);
    return made;
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
