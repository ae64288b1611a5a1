import type { IntegerGraph } from '../../src/integer/integer-graph.ts';
import { GraphMaker, RELU } from '../circuit/support/graphs.ts';

/** A circuit in broken/ and what it was meant to compute. */
export interface BrokenCircuit {
  readonly graph: IntegerGraph;
  /** Which of the three claims must fail. */
  readonly claim: 'determinism' | 'range' | 'correspondence';
  /** What the report must say. */
  readonly says: RegExp;
  /** The counterexample that must be found; undefined if there is none. */
  readonly counterexample?: 'two witnesses' | 'wrong output' | 'no witness';
  /** The template file that it replaces in an otherwise generated circuit. */
  readonly replaces?: string;
}

/** Adds weights · inputs as one accumulator. */
function sum(maker: GraphMaker, weights: readonly number[]): Int32Array {
  const ids = Array.from(weights, (_, i) => i);
  const block = maker.block(1, 1, weights.length, ids);
  const node = maker.nodes.at(-1)!;
  if (node.op !== 'linear') throw new Error('a block is a linear node');
  node.blocks[0]!.weights.set(weights);
  node.bias.fill(0);
  return block;
}

/** max(in[0] − in[1], 0), inputs 0 … 15. */
function relu(): IntegerGraph {
  const maker = new GraphMaker([15, 15], 1);
  return maker.finish('logits', maker.requantize(sum(maker, [1, -1]), 0, RELU));
}

/** ⌊(in[0] + in[1] + 1) / 2⌋, inputs 0 … 15. */
function half(): IntegerGraph {
  const maker = new GraphMaker([15, 15], 1);
  const free = { kind: 'clamp', low: null, high: null } as const;
  return maker.finish('logits', maker.requantize(sum(maker, [1, 1]), 1, free));
}

function dense(): IntegerGraph {
  const maker = new GraphMaker([15, 15], 1);
  return maker.finish('logits', sum(maker, [1, 1]));
}

function argmax(): IntegerGraph {
  const maker = new GraphMaker([7, 7, 7], 1);
  return maker.finish('label', maker.argmax(Int32Array.of(0, 1, 2)));
}

function max(): IntegerGraph {
  const maker = new GraphMaker([7, 7, 7], 1);
  return maker.finish('logits', maker.max([0, 1, 2], 3));
}

/** max(in[0] − 3, 0), 0 ≤ in[0] ≤ 7. */
function table(): IntegerGraph {
  const maker = new GraphMaker([7], 1);
  const acc = sum(maker, [1]);
  const node = maker.nodes.at(-1)!;
  if (node.op === 'linear') node.bias.fill(-3);
  return maker.finish('logits', maker.requantize(acc, 0, RELU));
}

function digest(): IntegerGraph {
  const maker = new GraphMaker([15, 15], 1);
  return maker.finish('logits', maker.requantize(sum(maker, [1, -1]), 0, RELU), 'digest');
}

/** in[0] / (in[1] + 1), to the nearest; inputs 0 … 15. */
function quotient(): IntegerGraph {
  const maker = new GraphMaker([15, 15], 1);
  const divisor = sum(maker, [0, 1]);
  const node = maker.nodes.at(-1)!;
  if (node.op === 'linear') node.bias.fill(1);
  return maker.finish('logits', maker.divide(Int32Array.of(0), divisor, 1));
}

/** [in[0] ≥ in[1]], inputs 0 … 15. */
function comparison(): IntegerGraph {
  const maker = new GraphMaker([15, 15], 1);
  return maker.finish('logits', maker.compare(Int32Array.of(0), Int32Array.of(1), [0]));
}

/** The larger of in[0] and in[1], chosen by a comparison; inputs 0 … 15. */
function choice(): IntegerGraph {
  const maker = new GraphMaker([15, 15], 1);
  const condition = maker.compare(Int32Array.of(0), Int32Array.of(1), [0]);
  return maker.finish('logits', maker.select([condition[0]!], [0], [1]));
}

/** By file name, without extension. */
export const BROKEN_CIRCUITS: Readonly<Record<string, BrokenCircuit>> = {
  'missing-boolean': {
    graph: relu(),
    claim: 'determinism',
    says: /nothing determines it: row \d+: .*layer1\[0\]\.bit\[/,
    counterexample: 'two witnesses',
  },
  'range-one-bit-short': {
    graph: relu(),
    claim: 'correspondence',
    says: /as 5 bits: row \d+: 1 has coefficient 8, not 16/,
    counterexample: 'no witness',
  },
  'unstrict-decomposition': {
    graph: half(),
    claim: 'determinism',
    says: /nothing determines it: .*layer1\[0\]\.bit\[/,
    counterexample: 'two witnesses',
  },
  'remainder-only-asserted': {
    graph: half(),
    claim: 'determinism',
    says: /nothing determines it: .*layer1\[0\]\.remainder/,
    counterexample: 'two witnesses',
  },
  'argmax-without-tie-rule': {
    graph: argmax(),
    claim: 'determinism',
    says: /nothing determines it: .*layer0\[0\]\.chosen/,
    counterexample: 'two witnesses',
  },
  'max-equal-to-none': {
    graph: max(),
    claim: 'determinism',
    says: /nothing determines it: .*logits\[0\]/,
    counterexample: 'two witnesses',
  },
  'digest-of-unchecked-inputs': {
    graph: digest(),
    claim: 'range',
    says: /it may wrap: nothing bounds in\[[01]\]/,
    replaces: 'input-digest.circom',
  },
  'public-input-not-bound': {
    graph: relu(),
    claim: 'correspondence',
    says: /no constraint holds it: a proof would not be bound to it/,
  },
  'table-with-a-gap': {
    graph: table(),
    claim: 'correspondence',
    says: /no gadget needs row \d+/,
    counterexample: 'wrong output',
  },
  'circomlib-ml-dense': {
    graph: dense(),
    claim: 'determinism',
    says: /nothing determines it: .*layer0\.remainder\[0\]/,
    counterexample: 'two witnesses',
  },
  'circomlib-ml-relu': {
    graph: relu(),
    claim: 'determinism',
    says: /nothing determines it: .*layer1\.bit\[/,
    counterexample: 'two witnesses',
  },
  'remainder-not-below-divisor': {
    graph: quotient(),
    claim: 'determinism',
    says: /nothing determines it: .*quotient\[/,
    counterexample: 'two witnesses',
    replaces: 'divide.circom',
  },
  'quotient-that-wraps': {
    graph: quotient(),
    claim: 'determinism',
    says: /nothing determines it: row \d+: .*remainder\[0\]/,
    counterexample: 'two witnesses',
    replaces: 'divide.circom',
  },
  'comparison-without-boolean': {
    graph: comparison(),
    claim: 'determinism',
    says: /nothing determines it: .*bit\[/,
    counterexample: 'two witnesses',
    replaces: 'compare.circom',
  },
  'select-without-boolean': {
    graph: choice(),
    claim: 'determinism',
    says: /nothing determines it: .*bit\[/,
    counterexample: 'two witnesses',
    replaces: 'compare.circom',
  },
  'hint-as-input': {
    graph: relu(),
    claim: 'determinism',
    says: /1 private inputs, the statement 0: inputs, salt and context only/,
  },
  'salt-without-wire': {
    graph: digest(),
    claim: 'determinism',
    says: /the header counts 4 inputs, but wire 6 carries signal 7: an input has no wire/,
  },
  'relu-without-sign': {
    graph: relu(),
    claim: 'correspondence',
    says: /logits\[0\]|no gadget needs|other factors/,
    counterexample: 'wrong output',
  },
};
