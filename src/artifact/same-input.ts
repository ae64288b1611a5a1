import { featureCount, featuresOf, type InputReading } from '@quietproof/verify';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { notTogether } from './artifact-file.ts';

/**
 * Refuses an interface whose input is not that of the integer graph. Verifiers enforce the interface's ranges and the
 * circuit those of the graph, so rows within wider ranges would have no proof.
 *
 * @throws QuietproofError QP4606
 */
export function requireSameInput(reading: InputReading, { input, statement }: IntegerGraph): void {
  const refuse = (what: string) => notTogether(`the interface and the integer graph differ in ${what}`);
  if (reading.mode !== statement.input)
    throw refuse(`the input mode: ${reading.mode} and ${statement.input}`);
  if (featureCount(reading) !== input.count) {
    throw refuse(`the number of features: ${featureCount(reading)} and ${input.count}`);
  }
  for (const [i, { encoding }] of featuresOf(reading).entries()) {
    if (encoding.max === input.max[i]) continue;
    throw refuse(`the range of feature ${i}: 0 to ${encoding.max} and 0 to ${input.max[i]}`);
  }
}
