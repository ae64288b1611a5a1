import type { ConstTensor } from '../tensor.ts';

/** The weights of a file, and which of them a layer has used. */
export class WeightTable {
  readonly #weights: ReadonlyMap<string, ConstTensor>;
  readonly #used = new Set<string>();

  constructor(weights: ReadonlyMap<string, ConstTensor>) {
    this.#weights = weights;
  }

  /** Weights are named `layer/variable`, or `layer/cell/variable` by some TensorFlow versions, whatever model a layer is in. */
  find(layer: string, variable: string): ConstTensor | undefined {
    const exact = `${layer}/${variable}`;
    const names = [...this.#weights.keys()];
    const name = this.#weights.has(exact)
      ? exact
      : names.find((candidate) => withoutCell(candidate) === exact);
    if (name === undefined) return undefined;
    this.#used.add(name);
    return this.#weights.get(name);
  }

  /** A weight that no layer has used; undefined if there is none. */
  unused(): string | undefined {
    return [...this.#weights.keys()].find((name) => !this.#used.has(name));
  }
}

function withoutCell(name: string): string {
  const parts = name.split('/');
  return [...parts.slice(0, -2), ...parts.slice(-1)].join('/');
}
