/** Sets of value ids, each named by its lowest id. */
export class DisjointSets {
  readonly #parent: Int32Array;

  constructor(count: number) {
    this.#parent = Int32Array.from({ length: count }, (_, id) => id);
  }

  /** Unites the sets of these ids; ZERO and ABSENT have none. @returns whether they were not one set */
  tie(ids: Iterable<number>): boolean {
    let root: number | undefined;
    let changed = false;
    for (const id of ids) {
      if (id < 0) continue;
      const other = this.#root(id);
      if (root === undefined || root === other) root = other;
      else {
        changed = true;
        this.#parent[Math.max(root, other)] = Math.min(root, other);
        root = Math.min(root, other);
      }
    }
    return changed;
  }

  name(id: number): number {
    return this.#root(id);
  }

  names(): Int32Array {
    return this.#parent.map((_, id) => this.#root(id));
  }

  #root(id: number): number {
    let root = id;
    while (this.#parent[root] !== root) root = this.#parent[root]!;
    for (let at = id; at !== root; ) {
      const next = this.#parent[at]!;
      this.#parent[at] = root;
      at = next;
    }
    return root;
  }
}
