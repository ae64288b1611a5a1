import type { ActivationFacts } from '../../src/graph/activations.ts';
import type { Dice } from './random-graph.ts';

/**
 * An activation that no pass has heard of, beside the real ones: floor + height / (1 + (x − center)²). It is neither
 * monotone nor homogeneous and does not fix zero.
 */
interface Bump {
  readonly kind: 'bump';
  readonly height: number;
  readonly center: number;
  readonly floor: number;
}

export const bumpFacts = ({ height, center, floor }: Bump): ActivationFacts => ({
  name: 'bump',
  isDefined: true,
  apply: (x) => floor + height / (1 + (x - center) * (x - center)),
  isMonotone: false,
  isHomogeneous: false,
  fixesZero: false,
  range: { min: Math.min(floor, floor + height), max: Math.max(floor, floor + height) },
  identityOn: undefined,
  after: () => undefined,
});

export const sampleBump = (dice: Dice): Bump => ({
  kind: 'bump',
  height: dice.pick([-1, 1]) * dice.real(0.5, 2),
  center: dice.real(-1, 1),
  floor: dice.real(-0.7, 0.7),
});
