/**
 * Reproducible pseudorandom numbers in [0, 1), for generated rows and samples, never for secrets. A linear congruential
 * generator modulo 2^32, with the constants of Numerical Recipes.
 */
export function pseudoRandom(seed = 1): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
