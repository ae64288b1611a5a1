/**
 * Keys with known secrets, so that a proof can be made for any signals: A = a·G, B = b·H, C = (ab − αβ − Σ)/δ · G. A
 * verifier cannot tell them from other keys, but nobody can trust a record under them.
 */
import type { Json } from '../canonical.ts';
import { G, H, INVERSE, json1, json2, mod, scalar } from '../points.ts';

const [alpha, beta, delta] = [scalar('toy alpha'), scalar('toy beta'), scalar('toy delta')];
const ic = (index: number) => scalar(`toy ic ${index}`);
const keys = new Map<number, Json>();

/** A fresh copy of the key for this number of signals. */
export function toyKey(signals: number): Json {
  const key = keys.get(signals) ?? {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: signals,
    vk_alpha_1: json1(G.multiply(alpha)),
    vk_beta_2: json2(H.multiply(beta)),
    vk_gamma_2: json2(H),
    vk_delta_2: json2(H.multiply(delta)),
    IC: Array.from({ length: signals + 1 }, (_, index) => json1(G.multiply(ic(index)))),
  };
  keys.set(signals, key);
  return structuredClone(key);
}

/** A proof under the toy key, for any signals, true or false. */
export function toyProof(signals: readonly string[]): Json {
  const [a, b] = [scalar(`toy a ${signals}`), scalar(`toy b ${signals}`)];
  const sum = signals.reduce((total, signal, index) => total + BigInt(signal) * ic(index + 1), ic(0));
  const c = mod((a * b - alpha * beta - mod(sum)) * INVERSE(delta));
  return {
    protocol: 'groth16',
    curve: 'bn128',
    pi_a: json1(G.multiply(a)),
    pi_b: json2(H.multiply(b)),
    pi_c: json1(G.multiply(c)),
  };
}
