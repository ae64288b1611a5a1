import { pseudoRandom } from '../data/pseudo-random.ts';
import { computeBounds, executeInteger } from '../integer/execute.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import type { ConstraintSystem } from './constraint-system.ts';
import { besideCut, cutsOfInputs } from './cut-values.ts';
import type { Determinism } from './determinism.ts';
import { inputCheckOf } from './input-modes/input-modes.ts';
import { type Assignment, type BigRow, bigRows, follow, holds } from './solve-witness.ts';
import { findWitnesses, type SearchBudget } from './witness-search.ts';

/** Concrete numbers that show a claim wrong. All witnesses have been checked against every row of the r1cs. */
export type Counterexample =
  /** Two witnesses with the same inputs. */
  | {
      readonly kind: 'two witnesses';
      readonly inputs: readonly string[];
      /** Outputs of the first and of the second witness. */
      readonly outputs: readonly [readonly string[], readonly string[]];
      /** A few wires that differ. */
      readonly wires: readonly { readonly wire: string; readonly values: readonly [string, string] }[];
    }
  /** A witness whose outputs are not the integer graph's. */
  | {
      readonly kind: 'wrong output';
      readonly inputs: readonly string[];
      readonly outputs: readonly [circuit: readonly string[], graph: readonly string[]];
    }
  /** An input in range that has no witness: the deductions leave one candidate, and it violates a row. */
  | { readonly kind: 'no witness'; readonly inputs: readonly string[]; readonly row: number };

/** The search uses big integers, so it is limited to small circuits. */
const MAX_ROWS = 20_000;
/** How many inputs are tried. */
const MAX_SAMPLES = 24;
/** For all searches of a check: seconds. One damaged row may leave hundreds of wires open. */
const TERM_BUDGET = 8_000_000;
const CONTEXT = 5n;
/** Value of inputs that the input mode adds, such as the salt: any field element will do. */
const ADDED_INPUT = 7n;

/**
 * Searches for concrete witnesses against a circuit that could not be proved. Finding none proves nothing.
 */
export function findCounterexample(
  system: ConstraintSystem,
  graph: IntegerGraph,
  determinism: Determinism,
  name: (wire: number) => string,
): Counterexample | undefined {
  if (system.r1cs.nConstraints > MAX_ROWS) return undefined;
  const rows = bigRows(system);
  const search = { system, graph, determinism, rows, name, budget: { terms: TERM_BUDGET } };
  for (const inputs of sampleInputs(graph)) {
    const found =
      determinism.unproved.length > 0 ? twoWitnesses(search, inputs) : contradiction(search, inputs);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Search {
  readonly system: ConstraintSystem;
  readonly graph: IntegerGraph;
  readonly determinism: Determinism;
  readonly rows: readonly BigRow[];
  readonly name: (wire: number) => string;
  readonly budget: SearchBudget;
}

function twoWitnesses(search: Search, inputs: readonly number[]): Counterexample | undefined {
  const { system, rows, determinism, name, budget } = search;
  const start = startOf(search, inputs);
  if (start === undefined || follow(rows, determinism.deductions, start) !== undefined) return undefined;
  const pair = findWitnesses(system, rows, determinism.boolean, start, budget);
  if (pair === undefined) return undefined;
  const [first, second] = pair;
  if (!rows.every((row) => holds(row, first) && holds(row, second))) return undefined;
  const differing = Array.from(first.keys()).filter((wire) => first[wire] !== second[wire]);
  return {
    kind: 'two witnesses',
    inputs: inputs.map(String),
    outputs: [outputsOf(system, first), outputsOf(system, second)],
    wires: differing
      .slice(0, 4)
      .map((wire) => ({ wire: name(wire), values: [String(first[wire]), String(second[wire])] })),
  };
}

/** If all wires follow from the inputs, the only candidate either violates a row or has outputs to compare. */
function contradiction(search: Search, inputs: readonly number[]): Counterexample | undefined {
  const { system, graph, rows, determinism } = search;
  const wires = startOf(search, inputs);
  if (wires === undefined) return undefined;
  const stuck = follow(rows, determinism.deductions, wires);
  const violated = stuck ?? rows.findIndex((row) => !holds(row, wires));
  if (violated !== -1) return { kind: 'no witness', inputs: inputs.map(String), row: violated };
  const values = executeInteger(graph, inputs);
  const { lo } = computeBounds(graph);
  const outputs = outputsOf(system, wires).slice(0, graph.statement.outputs.length);
  const expected = Array.from(graph.statement.outputs, (id) => String(values[id]! - lo[id]!));
  if (outputs.every((own, j) => own === expected[j])) return undefined;
  return { kind: 'wrong output', inputs: inputs.map(String), outputs: [outputs, expected] };
}

function outputsOf(system: ConstraintSystem, wires: Assignment): string[] {
  return Array.from({ length: system.r1cs.nOutputs }, (_, j) => String(wires[1 + j]));
}

/** The inputs on their wires; undefined if these are not all inputs of the circuit. */
function startOf({ system, graph }: Search, inputs: readonly number[]): Assignment | undefined {
  const wires: Assignment = new Array(system.r1cs.nWires).fill(undefined);
  const { places } = inputCheckOf(graph);
  wires[0] = 1n;
  inputs.forEach((value, i) => {
    wires[places.inputWire(i)] = BigInt(value);
  });
  wires[places.contextWire] = CONTEXT;
  for (const wire of places.freeWires) wires[wire] = ADDED_INPUT;
  const first = system.firstInput;
  const given = wires.slice(first, first + system.inputCount);
  return given.every((value) => value !== undefined) && wires.length === system.r1cs.nWires
    ? wires
    : undefined;
}

/** All lows, all highs, corners and random rows, with values beside cuts: the same ones every time. */
function sampleInputs(graph: IntegerGraph): number[][] {
  const { max } = graph.input;
  const cuts = cutsOfInputs(graph);
  const samples = [Array.from(max, () => 0), Array.from(max)];
  const random = pseudoRandom();
  while (samples.length < MAX_SAMPLES) {
    const corner = samples.length % 2 === 0;
    samples.push(
      Array.from(max, (most, i) => {
        const own = cuts.get(i);
        if (!corner && own !== undefined) return besideCut(own, random);
        return corner ? (random() < 0.5 ? 0 : most) : Math.floor(random() * (most + 1));
      }),
    );
  }
  return samples;
}
