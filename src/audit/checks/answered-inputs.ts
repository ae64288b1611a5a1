import {
  type AnyBundle,
  type AnyInterface,
  canonicalJson,
  type Hex,
  INPUT_MODES,
  type ManyItem,
  PreparedModel,
  type Reading,
  readingOf,
  type Verdict,
} from '@quietproof/verify';
import { sha256 } from '../../data/sha256.ts';
import type { AnsweredInput } from './checked-record.ts';

interface KnownModel {
  readonly reading: Reading;
  /** The form of the input: equal signals are the same input only in the same form. */
  readonly form: string;
}

/** Reads from records which input they are about, and which answer they prove. */
export class AnsweredInputs {
  readonly #models = new Map<Hex, KnownModel>();

  /** @param verdict that of a record that holds by itself */
  of({ model }: Verdict, bundle: AnyBundle, companion: ManyItem['companion']): AnsweredInput | undefined {
    const known = model && this.#known(model.modelId, bundle, companion);
    if (model === undefined || known === undefined) return undefined;
    const { plan, input } = known.reading;
    const signals = bundle.publicSignals;
    const outputs = signals.slice(0, plan.output.length).join(' ');
    const inputs = signals.slice(plan.output.length, plan.output.length + plan.input.length).join(' ');
    // Open inputs of different models are compared by nobody: equal ones are no rarity.
    const scope = INPUT_MODES[input.mode].salted ? known.form : model.modelId;
    return { input: sha256(Buffer.from(`${scope}\n${inputs}`)), outputs };
  }

  #known(modelId: Hex, bundle: AnyBundle, companion: ManyItem['companion']): KnownModel | undefined {
    const known = this.#models.get(modelId);
    if (known !== undefined) return known;
    const shown: AnyInterface | undefined =
      bundle.model?.interface ??
      (companion instanceof PreparedModel ? companion.record.interface : undefined);
    if (shown === undefined) return undefined;
    const made = { reading: readingOf(shown), form: canonicalJson(shown.input) };
    this.#models.set(modelId, made);
    return made;
  }
}
