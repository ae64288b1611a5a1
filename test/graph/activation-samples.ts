import type { ActivationKind, ActivationOf } from '../../src/graph/activations.ts';
import type { Tabulated } from '../../src/graph/functions/tabulated.ts';
import type { Dice } from './random-graph.ts';

/**
 * Samplers of random parameters for every kind. A kind added to the union is a type error here until it has a sampler;
 * then it occurs in every random test. Samples cover everything the float graph allows, even what cannot be quantized.
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

  /** Functions of all reals. Those with poles or gaps are in `partialFunctions`. */
  tabulated: (dice) => {
    const alpha = dice.real(0.1, 2);
    const of = dice.pick<Tabulated>([
      ...PLAIN.map((name) => ({ name })),
      { name: 'elu', alpha },
      { name: 'selu', alpha: 1.67, gamma: 1.05 },
      { name: 'celu', alpha },
      { name: 'swish', alpha },
      { name: 'thresholded-relu', alpha: dice.real(-1, 1) },
      { name: 'shrink', lambda: alpha, bias: dice.real(0, 2) },
      { name: 'power', exponent: dice.pick([2, 3]) },
    ]);
    return { kind: 'tabulated', of };
  },
};

const PLAIN = [
  ...(['tanh', 'sigmoid', 'erf', 'softsign', 'softplus', 'gelu', 'gelu-tanh', 'hard-swish', 'mish'] as const),
  ...(['abs', 'floor', 'ceil', 'round', 'sign', 'sin', 'cos'] as const),
];
