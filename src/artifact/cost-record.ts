import type { InputMode } from '@quietproof/verify';
import type { CircuitCost } from '../circuit/circuit-cost.ts';
import type { CostRecord } from './artifact-manifest.ts';

/** A cost as manifest.json holds it. There the input's part is called `digest`, after the first mode that had one. */
export function costRecord({ input, ...cost }: CircuitCost): CostRecord {
  return { ...cost, digest: input };
}

/** Name of the input's row in a cost table. */
const INPUT_STEPS: { readonly [M in InputMode]: string } = { digest: 'digest', public: 'input' };

/** The input's rows in a cost table: one, or none if the input costs nothing. */
export function inputCostRows(mode: InputMode, { digest: constraints }: CostRecord) {
  return constraints === 0 ? [] : [{ name: INPUT_STEPS[mode], constraints }];
}
