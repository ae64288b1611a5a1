/**
 * A value in terms of wires: constant + Σ weight · wire. Wires are named by slots of the trace: the wire of a value
 * carries it less its proved minimum, that of an auxiliary the auxiliary.
 */
export interface WireForm {
  readonly constant: number;
  /** By slot; none is 0. */
  readonly weights: ReadonlyMap<number, number>;
}

export const NOTHING: WireForm = { constant: 0, weights: new Map() };

/** A form that is added up. */
export class FormSum implements WireForm {
  constant: number;
  readonly weights = new Map<number, number>();

  constructor(constant = 0) {
    this.constant = constant;
  }

  add(form: WireForm, factor = 1): this {
    this.constant += factor * form.constant;
    for (const [slot, weight] of form.weights) {
      const sum = (this.weights.get(slot) ?? 0) + factor * weight;
      if (sum === 0) this.weights.delete(slot);
      else this.weights.set(slot, sum);
    }
    return this;
  }
}
