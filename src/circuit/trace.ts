import type { Bounds } from '../integer/bounds.ts';
import type { CircuitPlan } from './circuit-plan.ts';

/**
 * The integers a witness is read from: every value as its wire carries it (value − proved minimum, so never
 * negative), then the auxiliary numbers of every node.
 *
 * @param values all values of one row, from the integer executor
 */
export function integerTrace(plan: CircuitPlan, bounds: Bounds, values: Float64Array): Float64Array {
  const trace = new Float64Array(plan.integerSlots);
  for (let id = 0; id < values.length; id += 1) trace[id] = values[id]! - bounds.lo[id]!;
  for (const { auxiliary, slot } of plan.auxiliaries) auxiliary.write(values, trace, slot);
  return trace;
}
