import type { Categories } from '../../data/categories.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';

/**
 * The inputs that are texts, by value id. A text is the place of a category in the float graph: the categories are all
 * texts that some encoder knows, in the order in which the file names them.
 */
export class TextInputs {
  readonly #known = new Map<number, { values: string[]; unknown: Categories['unknown'] }>();

  /** Declares inputs of texts. Nothing is known of them until an encoder reads them. */
  declare(ids: Iterable<number>): void {
    for (const id of ids) this.#known.set(id, { values: [], unknown: 'coded' });
  }

  /**
   * The places of an encoder's texts.
   *
   * @param unknown whether the encoder takes other texts, all alike; one that does not decides for all
   */
  placesOf(id: number, texts: readonly string[], unknown: Categories['unknown']): number[] {
    const own = this.#known.get(id)!;
    for (const text of texts) if (!own.values.includes(text)) own.values.push(text);
    if (unknown === 'refused') own.unknown = 'refused';
    return texts.map((text) => own.values.indexOf(text));
  }

  /**
   * Refuses an input that would have a single value.
   *
   * @throws QuietproofError QP2157 if all encoders of an input know one text, and one refuses others
   */
  refuseConstants(file: string): void {
    for (const { values, unknown } of this.#known.values()) {
      if (values.length !== 1 || unknown === 'coded') continue;
      throw new QuietproofError('QP2157', {
        what: `an encoder knows only ${JSON.stringify(values[0]!.slice(0, 40))}, and refuses all other texts`,
        where: file,
        fix: "Leave the column out, or train the encoder with handle_unknown='ignore'",
      });
    }
  }

  /** By input value; undefined if there are no texts. */
  categories(count: number): (Categories | undefined)[] | undefined {
    if (this.#known.size === 0) return undefined;
    return Array.from({ length: count }, (_, id) => {
      const own = this.#known.get(id);
      // Of a text that nothing reads, only whether it is empty is kept.
      return own?.values.length === 0 ? { values: [''], unknown: 'coded' } : own;
    });
  }
}
