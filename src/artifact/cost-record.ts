import type { InputMode } from '@quietproof/verify';
import type { CircuitCost } from '../circuit/circuit-cost.ts';
import type { CostRecord } from './artifact-manifest.ts';

/** A cost as manifest.json has it, where the input's part keeps the name of the first mode that had one. */
export function costRecord({ input, ...cost }: CircuitCost): CostRecord {
  return { ...cost, digest: input };
}

/** Cost tables name what is done with the input, where it costs anything. */
const INPUT_STEPS: { readonly [M in InputMode]: string } = { digest: 'digest', public: 'input' };

/** What the input adds to the layers of a cost table: one row, or none where it costs nothing. */
export function inputCostRows(mode: InputMode, { digest: constraints }: CostRecord) {
  return constraints === 0 ? [] : [{ name: INPUT_STEPS[mode], constraints }];
}
