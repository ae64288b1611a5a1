/**
 * Numbers in [0, 1) that look random and are the same on every run and machine: for made-up rows and samples, never for
 * secrets. A linear congruential generator modulo 2^32 (Numerical Recipes' constants).
 */
export function pseudoRandom(seed = 1): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
