import type { FloatInput, InputTensor } from '../graph/float-graph.ts';

/** The inputs of a model in the file's order: together they are one row. */
export class ModelInputs {
  readonly #parts: InputTensor[] = [];

  add(part: InputTensor): void {
    this.#parts.push(part);
  }

  has(id: number): boolean {
    return id >= 0 && id < this.#parts.reduce((sum, part) => sum + part.count, 0);
  }

  /**
   * Notes that values of one input are used as indices, from 0 to `max`.
   *
   * @returns false if they are no values of one input as it is
   */
  restrict(ids: Int32Array, max: number): boolean {
    let first = 0;
    for (const [k, part] of this.#parts.entries()) {
      const end = first + part.count;
      if (ids.every((id) => id >= first && id < end)) {
        const { values } = part;
        const limit = values.kind === 'integer' ? Math.min(values.max, max) : max;
        this.#parts[k] = { ...part, values: { kind: 'integer', min: 0, max: limit } };
        return true;
      }
      first = end;
    }
    return false;
  }

  /** The row: a single input as it is, or the values of several one after another. */
  row(): FloatInput {
    const [only, ...more] = this.#parts;
    const count = this.#parts.reduce((sum, part) => sum + part.count, 0);
    const whole = more.length === 0 && only !== undefined ? only : { name: 'inputs', shape: [count] };
    return { name: whole.name, shape: whole.shape, count, parts: this.#parts };
  }
}
