import { NumberList } from '../flat/number-list.ts';
import { TextList } from '../flat/text-list.ts';
import type { RecordName } from './findings-types.ts';

/** Where records are. A place is the number of a record, in the order of all sources. */
export class RecordPlaces {
  readonly #sources = new NumberList();
  readonly #paths = new TextList();
  readonly #recordsIn = new Map<number, number>();

  /** @returns its place */
  add({ source, path }: { readonly source: number; readonly path: string }): number {
    this.#recordsIn.set(source, this.recordsIn(source) + 1);
    this.#sources.push(source);
    this.#paths.push(path);
    return this.#paths.length - 1;
  }

  /** @param source its index. @returns the number of its records */
  recordsIn(source: number): number {
    return this.#recordsIn.get(source) ?? 0;
  }

  at(place: number): RecordName & { readonly source: number } {
    return { source: this.#sources.at(place), path: this.pathAt(place) };
  }

  pathAt(place: number): string {
    return this.#paths.at(place);
  }
}

/** What was found about a record. */
export interface Placed<Kind extends string> {
  readonly kind: Kind;
  readonly place: number;
  readonly detail?: string;
}
