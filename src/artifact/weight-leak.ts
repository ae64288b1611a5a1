import type { InputMode } from '@quietproof/verify';

const NOTES: { readonly [M in InputMode]: readonly string[] } = {
  digest: [],
  public: ['Public input can reveal the first layer: its weights are combinations of points in the key'],
};

/** What the input mode lets the key give away, for people who make or publish keys. */
export function weightLeakNotes(input: InputMode): readonly string[] {
  return NOTES[input];
}
