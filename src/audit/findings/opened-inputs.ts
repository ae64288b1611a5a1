import type { OpeningResult } from '../openings/check-openings.ts';
import type { DrawnInput, RecordName } from './findings-types.ts';
import type { FoundByKind } from './found-records.ts';

/** What the openings of records showed. */
export class OpenedInputs {
  readonly #found: FoundByKind;

  constructor(found: FoundByKind) {
    this.#found = found;
  }

  /** In the order of the records. */
  add(opening: OpeningResult, name: RecordName): void {
    if (opening.found === 'missing') this.#found.add('opening-missing', name);
    else if (opening.found === 'holds') this.#found.addUnlisted('openings-hold', 1);
    else {
      const { detail, code } = opening;
      this.#found.add('opening-fails', { ...name, detail, ...(code !== undefined && { code }) });
    }
  }

  /** Those of a sample. */
  addDrawn(
    opened: readonly (Omit<DrawnInput, 'opening'> & { readonly result: OpeningResult })[],
  ): DrawnInput[] {
    return opened.map(({ source, path, result }) => {
      this.add(result, { source, path });
      return { source, path, opening: result.found };
    });
  }
}
