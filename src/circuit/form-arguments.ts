import type { Argument } from './layer.ts';
import type { WireForm } from './wire-form.ts';

/** Forms as a template takes them: one array after another, sparse. */
export interface FormArguments {
  /** The wires that the forms read, by slot, ascending: `in[…]`. */
  readonly sources: Int32Array;
  /** The terms of form k are those from start[k] to start[k + 1] − 1. */
  readonly start: Argument;
  readonly index: Argument;
  readonly weight: Argument;
  readonly constant: Argument;
}

export function formArguments(forms: readonly WireForm[]): FormArguments {
  const slots = new Set<number>();
  for (const { weights } of forms) for (const slot of weights.keys()) slots.add(slot);
  const sources = Int32Array.from(slots).sort();
  const place = new Map(Array.from(sources, (slot, t) => [slot, t]));
  const start = [0];
  const index: number[] = [];
  const weight: number[] = [];
  for (const { weights } of forms) {
    for (const [slot, own] of weights) {
      index.push(place.get(slot)!);
      weight.push(own);
    }
    start.push(index.length);
  }
  // circom does not accept empty arrays as arguments.
  const filled = (values: number[]) => (values.length === 0 ? [0] : values);
  const constant = forms.map((form) => form.constant);
  return { sources, start, index: filled(index), weight: filled(weight), constant };
}
