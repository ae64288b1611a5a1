import { ZERO } from '../graph/float-graph.ts';

/** The inputs of one component: distinct value ids, ascending, and where each is among them. */
export class LocalInputs {
  readonly ids: Int32Array;
  readonly #place: ReadonlyMap<number, number>;

  constructor(sources: Iterable<Int32Array>) {
    const distinct = new Set<number>();
    for (const ids of sources) for (const id of ids) if (id >= 0) distinct.add(id);
    this.ids = Int32Array.from(distinct).sort();
    this.#place = new Map(Array.from(this.ids, (id, place) => [id, place]));
  }

  /** Index into the component's `in`; its length stands for ZERO. */
  place(id: number): number {
    return id === ZERO ? this.ids.length : this.#place.get(id)!;
  }
}
