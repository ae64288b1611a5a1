import { WatchError } from '../refusals.ts';
import type { Grace, WatchPolicy } from './watch-types.ts';

const DAY = 86_400;

const GRACE: Grace = { inclusion: 60, proof: 60, log: 300, witnesses: 3600, reach: 900 };

const POLICY: WatchPolicy = {
  ask: 0.05,
  askAfter: 300,
  includeWithin: 3600,
  tolerance: 60,
  grace: GRACE,
  keepInputs: false,
  keep: 7 * DAY,
  mostEntries: 100_000,
};

/** What the user asks for, with what is usual for the rest. @throws WatchError QP7771 */
export function policyOf(given: Partial<WatchPolicy> = {}): WatchPolicy {
  const policy = { ...POLICY, ...given, grace: { ...GRACE, ...given.grace } };
  const { ask, askAfter, includeWithin, tolerance, proveWithin = 1, keep, mostEntries, grace } = policy;
  if (!(ask >= 0 && ask <= 1)) throw new WatchError('QP7771', { what: `${ask} is no share from 0 to 1` });
  const times = { askAfter, includeWithin, tolerance, proveWithin, keep, mostEntries, ...grace };
  for (const [name, value] of Object.entries(times)) {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new WatchError('QP7771', { what: `${name} is ${value}, which is no number from 0 on` });
    }
  }
  return policy;
}
