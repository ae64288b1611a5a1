import type { Categories } from '../../data/categories.ts';

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
