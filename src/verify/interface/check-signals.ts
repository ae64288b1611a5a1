import { R } from '../key/points.ts';
import { Refusal } from '../refusal.ts';
import type { SignalPlan } from './reading.ts';

/**
 * The public signals as scalars, each within the range that the interface gives. No other check covers the range of
 * public inputs, and with inputs out of range a prover could get any logits it likes.
 *
 * @throws Refusal QP7401 to QP7403, naming the signal
 */
export function checkSignals(plan: SignalPlan, signals: readonly string[]): bigint[] {
  if (signals.length !== plan.max.length) {
    throw new Refusal('QP7401', { where: `${signals.length} instead of ${plan.max.length}` });
  }
  return signals.map((signal, index) => {
    const value = BigInt(signal);
    if (value >= R) throw new Refusal('QP7402', { where: `publicSignals[${index}]` });
    if (value > (plan.max[index] as bigint))
      throw new Refusal('QP7403', { where: `publicSignals[${index}]` });
    return value;
  });
}
