import type { ActivationKind, ActivationOf } from '../../src/graph/activations.ts';
import type { Dice } from './random-graph.ts';

/**
 * Parameters for random tests, of every kind: a kind that is added to the union is a type error here, and once it has
 * a sampler it is in every random graph. They cover all that the graph allows, also what cannot be quantized.
 */
export const SAMPLES: { readonly [K in ActivationKind]: (dice: Dice) => ActivationOf<K> } = {
  relu: () => ({ kind: 'relu' }),

  'leaky-relu': (dice) => {
    const slopes = [0, 0.25, 1, dice.real(0, 2), dice.real(-1, 0)];
    return { kind: 'leaky-relu', alpha: dice.pick(slopes) };
  },

  clip: (dice) => {
    const min = dice.pick([-Infinity, 0, dice.real(-1, 1)]);
    const from = Math.max(min, -1);
    const max = dice.pick([Infinity, 0, from, from + dice.real(0, 2)]);
    return { kind: 'clip', min, max: Math.max(min, max) };
  },
};
