import { type Decomposition, decompose } from '../../integer/decomposition.ts';
import type { IntegerActivation, Requantize } from '../../integer/integer-graph.ts';
import type { requantize } from '../../integer/requantize.ts';
import type { Gadget } from './gadget.ts';
import { bitsOf, type Case, type Kind, premise } from './requantize-case.ts';
import { proveClampBoth, proveClampHigh, proveClampLow, proveLeaky } from './requantize-signed.ts';

/** The activation as the integer graph defines it. Lemmas require it to be monotone (`isMonotone`). */
function activate(activation: IntegerActivation, y: number): number {
  if (activation.kind === 'leaky')
    return y * (y < 0 ? activation.numerator : 2 ** activation.denominatorBits);
  return Math.min(Math.max(y, activation.low ?? -Infinity), activation.high ?? Infinity);
}

function isMonotone(activation: IntegerActivation): boolean {
  if (activation.kind === 'leaky') return activation.numerator >= 0;
  return (activation.low ?? -Infinity) <= (activation.high ?? Infinity);
}

interface Pattern<D extends Decomposition = Decomposition> {
  readonly name: string;
  readonly prove: (own: Case<D>) => boolean;
}

const PATTERNS: { readonly [K in Decomposition['kind']]: Pattern<Kind<K>> } = {
  constant: { name: 'constant', prove: proveConstant },
  identity: { name: 'identity', prove: proveIdentity },
  shift: { name: 'shift', prove: proveShift },
  'clamp-low': { name: 'clamp low (ReLU)', prove: proveClampLow },
  'clamp-high': { name: 'clamp high', prove: proveClampHigh },
  'clamp-both': { name: 'clamp both', prove: proveClampBoth },
  leaky: { name: 'leaky', prove: proveLeaky },
};

/**
 * Proves each output by one pattern. The compiler's choice is a hint: each pattern checks every premise of its lemma.
 */
export const walkRequantize: Gadget<Requantize, typeof requantize.auxiliaries> = (
  walk,
  node,
  auxiliariesOf,
) => {
  const unit = 2 ** node.shift;
  const half = node.shift === 0 ? 0 : unit / 2;
  decompose(node, walk.bounds).forEach((d, index) => {
    const id = node.first + index;
    const source = node.source[index]!;
    const where = `${node.name}[${index}]`;
    const acc = walk.interval(source);
    const y = { lo: Math.floor((acc.lo + half) / unit), hi: Math.floor((acc.hi + half) / unit) };
    const own: Case = { walk, node, where, id, source, aux: auxiliariesOf(index), d, unit, half, acc, y };
    walk.bound(id, activate(node.activation, y.lo), activate(node.activation, y.hi), where);
    if (!isMonotone(node.activation)) walk.fail('range', where, 'its activation is not monotone');
    const pattern = PATTERNS[d.kind] as Pattern;
    if (pattern.prove(own)) walk.proved(pattern.name);
    else walk.placeUnproved(id);
  });
};

/** Lemma "constant". The activation is monotone and has the same value at both ends of y's range. ∎ */
function proveConstant(own: Case<Kind<'constant'>>): boolean {
  const { walk, node, y, d, id, where } = own;
  const value = activate(node.activation, y.lo);
  if (
    !premise(own, value === activate(node.activation, y.hi) && value === d.lo, 'its output is not constant')
  )
    return false;
  return walk.settle(id, walk.sum.clear(), value, where);
}

/** The factor, if the activation is y ↦ factor·y on the whole range of y. */
function factorOf({ node: { activation }, y }: Case): number | undefined {
  if (activation.kind === 'leaky') {
    if (y.lo >= 0) return 2 ** activation.denominatorBits;
    return y.hi < 0 ? activation.numerator : undefined;
  }
  return (activation.low ?? -Infinity) <= y.lo && (activation.high ?? Infinity) >= y.hi ? 1 : undefined;
}

/**
 * Lemma "identity" (S = 0, nothing is decomposed). The activation is y ↦ factor·y on y's range, and y = acc:
 * wire = factor·acc − base. ∎
 */
function proveIdentity(own: Case<Kind<'identity'>>): boolean {
  const { walk, node, d, id, source, where } = own;
  if (!premise(own, factorOf(own) === d.factor, 'its activation can be reached')) return false;
  if (!premise(own, node.shift === 0, 'a shift without bits')) return false;
  const form = walk.sum.clear().add(0, -d.lo);
  walk.addValue(form, source, d.factor);
  return walk.settle(id, form, d.lo, where);
}

/**
 * Lemma "shift". The activation is y ↦ factor·y on y's range. v = acc + offset ∈ [0, 2^N) has the bits b_k (lemma
 * "bits"), and offset = half − y₀·2^S for an integer y₀, so Σ_{k≥S} 2^(k−S)·b_k = ⌊v / 2^S⌋ = y − y₀;
 * wire = factor·(y − y₀) and base = factor·y₀. ∎
 */
function proveShift(own: Case<Kind<'shift'>>): boolean {
  const { walk, node, d, id, unit, half, where } = own;
  if (!premise(own, factorOf(own) === d.factor, 'its activation can be reached')) return false;
  const start = (half - d.offset) / unit;
  if (!premise(own, Number.isInteger(start) && d.factor * start === d.lo, 'its offset is no multiple of 2^S'))
    return false;
  const bits = bitsOf(own);
  if (bits === undefined) return false;
  const form = walk.sum.clear();
  for (let k = node.shift; k < d.bits; k += 1) form.add(bits[k]!, d.factor * 2 ** (k - node.shift));
  return walk.settle(id, form, d.lo, where);
}
