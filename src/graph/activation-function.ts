import type { ActivationFunction } from './float-graph.ts';

/** The function's value at x. */
export function applyActivation(fn: ActivationFunction, x: number): number {
  if (fn.kind === 'relu') return Math.max(x, 0);
  if (fn.kind === 'leaky-relu') return x >= 0 ? x : fn.alpha * x;
  return Math.min(Math.max(x, fn.min), fn.max);
}

/** Whether padding, which is exactly zero, stays zero. */
export function keepsZero(fn: ActivationFunction): boolean {
  return applyActivation(fn, 0) === 0;
}
