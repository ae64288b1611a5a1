import { type FileContent, type PreparedModel, prepareModel, Refusal } from '../index.ts';

/** Each takes a few MB. */
const MAX_KEPT = 16;

/** Model records by their bytes: many folders hold the same, and preparing a key costs more than checking a proof. */
export class PreparedModels {
  readonly #kept: { readonly source: Uint8Array; readonly model: PreparedModel }[] = [];

  /** @returns a record that passed every check of its own, else its content for each verdict to refuse */
  of(content: FileContent): PreparedModel | FileContent {
    if (!(content instanceof Uint8Array)) return prepared(content);
    const known = this.#kept.find(({ source }) => equalBytes(source, content));
    if (known !== undefined) return known.model;
    const model = prepared(content);
    if (model === content) return content;
    if (this.#kept.length >= MAX_KEPT) this.#kept.shift();
    this.#kept.push({ source: new Uint8Array(content), model: model as PreparedModel });
    return model;
  }
}

/** A record that passed every check of its own, else the bytes for each verdict to refuse. */
export function prepared(content: FileContent): PreparedModel | FileContent {
  if (content instanceof Refusal) return content;
  try {
    return prepareModel(content);
  } catch (error) {
    if (error instanceof Refusal) return content;
    throw error;
  }
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
