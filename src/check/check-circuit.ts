import type { AnyInterface } from '@quietproof/verify';
import type { R1cs } from '../formats/r1cs.ts';
import type { Bounds } from '../integer/bounds.ts';
import { checkIntegerGraph } from '../integer/check-integer-graph.ts';
import { computeBounds } from '../integer/execute.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { TraceLayout } from '../integer/trace-layout.ts';
import type { SignalSources } from '../integer/wire-source.ts';
import { ConstraintSystem } from './constraint-system.ts';
import { proveCorrespondence, unexplainedRows } from './correspondence.ts';
import { type Counterexample, findCounterexample } from './counterexample.ts';
import { describeRow } from './describe-row.ts';
import { type Determinism, proveDeterminism } from './determinism.ts';
import { inputCheckOf } from './input-modes/input-modes.ts';
import { inputWireFaults } from './input-wires.ts';
import { type Intervals, propagateIntervals } from './interval-propagation.ts';
import type { Claim, Problem } from './problem.ts';
import { comparePublicRanges } from './public-ranges.ts';
import type { Walk } from './walk.ts';
import { WireHints, wireNames } from './wire-hints.ts';

/** A circuit, and what it is checked against. */
export interface CheckedCircuit {
  readonly r1cs: R1cs;
  /** circom's `.sym` file: names for messages, and hints for matching. No proof rests on it. */
  readonly sym: string;
  /** Which of these names stand for which numbers of the trace, according to the circuit's builder: hints too. */
  readonly sources: SignalSources;
  /** Which slots of the trace are said to share a wire, by slot: another of them. Hints too. */
  readonly copies: ReadonlyMap<number, number>;
  /** What the circuit is claimed to compute. */
  readonly graph: IntegerGraph;
  /** What verifiers enforce; undefined to skip the comparison. */
  readonly modelInterface: AnyInterface | undefined;
  /** Whether to search for concrete witnesses if a proof fails. Default true. */
  readonly searchCounterexample?: boolean;
}

export type ClaimVerdict = 'proved' | 'unknown';

/** `counterexample`: concrete witnesses show it wrong. `unknown`: neither proved nor shown wrong. */
export type Verdict = 'proved' | 'counterexample' | 'unknown';

export interface Soundness {
  readonly verdict: Verdict;
  readonly claims: Readonly<Record<Claim, ClaimVerdict>>;
  readonly determinism: { readonly wires: number; readonly proved: number; readonly lemmas: Counts };
  readonly range: {
    readonly integerRows: number;
    readonly fieldRows: number;
    readonly values: number;
    readonly widest: { readonly lo: number; readonly hi: number };
  };
  readonly correspondence: {
    readonly constraints: number;
    readonly matched: number;
    readonly harmless: readonly number[];
    readonly gadgets: Counts;
  };
  /**
   * Public signals with a weight in their column of the r1cs: their points in the key reveal combinations of weights.
   */
  readonly weightSignals: readonly string[];
  readonly problems: readonly Problem[];
  /** Number of all problems; `problems` holds the first ones of each claim. */
  readonly problemCount: number;
  readonly counterexample?: Counterexample;
}

export type Counts = Readonly<Record<string, number>>;

/** How many unproved wires are described; the others are counted. */
const MAX_DESCRIBED_WIRES = 10;

/**
 * Tries to prove that a compiled circuit is sound: deterministic, in range, and equal to its integer graph
 * (src/check/README.md states the exact claim). Reads the compiled r1cs.
 *
 * @throws QuietproofError QP3901 if the graph is malformed, QP3001 if it cannot be bounded
 */
export function checkCircuit(subject: CheckedCircuit): Soundness {
  const { r1cs, sym, graph, modelInterface } = subject;
  checkIntegerGraph(graph);
  const name = wireNames(sym);
  const system = new ConstraintSystem(r1cs);
  const faults = inputWireFaults(system).flatMap(inputProblem);
  if (faults.length > 0) return notExamined(r1cs, faults);
  const problems = inputProblems(r1cs, graph);
  const determinism = proveDeterminism(system);
  problems.push(...unprovedWires(system, determinism, name));
  const intervals = propagateIntervals(system, determinism, inputCheckOf(graph).enforced);
  problems.push(...wrappingRows(intervals, name));
  const walk = problems.some(({ where }) => where === 'inputs')
    ? undefined
    : walkGraph(system, subject, determinism.boolean, name);
  const harmless = walk === undefined ? [] : unexplainedRows(walk, system, name);
  if (walk !== undefined) problems.push(...walk.problems);
  if (walk !== undefined && modelInterface !== undefined) {
    problems.push(...comparePublicRanges(graph, walk, modelInterface));
  }
  const counterexample =
    problems.length === 0 || subject.searchCounterexample === false
      ? undefined
      : findCounterexample(system, graph, determinism, name);
  return {
    verdict: verdictOf(problems, counterexample),
    claims: claimsOf(problems),
    determinism: {
      wires: r1cs.nWires,
      proved: r1cs.nWires - determinism.unproved.length,
      lemmas: countLemmas(determinism),
    },
    range: rangeSummary(intervals, walk),
    correspondence: {
      constraints: r1cs.nConstraints,
      matched: walk?.rows.matched.reduce((sum, one) => sum + one, 0) ?? 0,
      harmless,
      gadgets: Object.fromEntries(Array.from(walk?.gadgets ?? []).sort(byName)),
    },
    weightSignals: Array.from(walk?.weighted ?? [])
      .sort((a, b) => a - b)
      .map(name),
    problems,
    problemCount: problems.length + (walk === undefined ? 0 : walk.problemCount - walk.problems.length),
    ...(counterexample !== undefined && { counterexample }),
  };
}

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}

function verdictOf(problems: readonly Problem[], counterexample: Counterexample | undefined): Verdict {
  if (problems.length === 0) return 'proved';
  return counterexample === undefined ? 'unknown' : 'counterexample';
}

/** `range` needs `correspondence`: intervals of values hold only if the gadgets are what the graph says. */
function claimsOf(problems: readonly Problem[]): Record<Claim, ClaimVerdict> {
  const has = (claim: Claim) => problems.some((problem) => problem.claim === claim);
  return {
    determinism: has('determinism') ? 'unknown' : 'proved',
    range: has('range') || has('correspondence') ? 'unknown' : 'proved',
    correspondence: has('correspondence') ? 'unknown' : 'proved',
  };
}

function countLemmas({ deductions, boolean, chains }: Determinism): Counts {
  const count = (lemma: string) =>
    deductions.reduce((sum, own) => sum + (own.lemma === lemma ? own.wires.length : 0), 0);
  const booleans = boolean.reduce((sum, row) => sum + (row > 0 ? 1 : 0), 0);
  // Those of single primitives are listed where there are any, so that other records stay as they were.
  const rare = {
    magnitude: count('magnitude'),
    quotient: count('quotient'),
    chain: chains.wires.length,
    ones: count('ones'),
    thermometer: count('thermometer'),
  };
  const found = Object.entries(rare).filter(([, times]) => times > 0);
  return { boolean: booleans, digits: count('digits'), unit: count('unit'), ...Object.fromEntries(found) };
}

/** Inputs may only be the model's, its input mode's and the context: a hint as an input would make the claims empty. */
function inputProblems(r1cs: R1cs, graph: IntegerGraph): Problem[] {
  const { counts } = inputCheckOf(graph);
  const expected = { ...counts, outputs: graph.statement.outputs.length + counts.outputs };
  const { nOutputs, nPublicInputs, nPrivateInputs } = r1cs;
  const found = { outputs: nOutputs, public: nPublicInputs, private: nPrivateInputs };
  return (['outputs', 'public', 'private'] as const)
    .filter((kind) => found[kind] !== expected[kind])
    .flatMap((kind) =>
      inputProblem(
        kind === 'outputs'
          ? `the circuit has ${found.outputs} outputs, the statement ${expected.outputs}`
          : `the circuit has ${found[kind]} ${kind} inputs, the statement ${expected[kind]}: inputs, salt and context only`,
      ),
    );
}

/** Other inputs than the statement's empty two claims. */
function inputProblem(what: string): Problem[] {
  return (['determinism', 'correspondence'] as const).map((claim) => ({ claim, where: 'inputs', what }));
}

/** Nothing can be said of a circuit whose header counts other wires as inputs: every proof starts from them. */
function notExamined(r1cs: R1cs, problems: readonly Problem[]): Soundness {
  return {
    verdict: 'unknown',
    claims: claimsOf(problems),
    determinism: { wires: r1cs.nWires, proved: 0, lemmas: {} },
    range: { integerRows: 0, fieldRows: 0, values: 0, widest: { lo: 0, hi: 0 } },
    correspondence: { constraints: r1cs.nConstraints, matched: 0, harmless: [], gadgets: {} },
    weightSignals: [],
    problems,
    problemCount: problems.length,
  };
}

function unprovedWires(
  system: ConstraintSystem,
  { unproved }: Determinism,
  name: (wire: number) => string,
): Problem[] {
  return unproved.slice(0, MAX_DESCRIBED_WIRES).map((wire, k) => {
    const rows = Array.from(new Set(system.rows.subarray(system.start[wire]!, system.start[wire + 1]!)));
    const around = rows.slice(0, 3).map((row) => describeRow(system, row, name));
    const more =
      k === MAX_DESCRIBED_WIRES - 1 ? `; and ${unproved.length - MAX_DESCRIBED_WIRES} more wires` : '';
    const what =
      rows.length === 0
        ? 'nothing determines it: it is in no constraint'
        : `nothing determines it: ${around.join('; ')}`;
    return { claim: 'determinism', where: name(wire), what: what + more };
  });
}

function wrappingRows({ wrapping }: Intervals, name: (wire: number) => string): Problem[] {
  return wrapping.slice(0, MAX_DESCRIBED_WIRES).map(({ row, wire }) => ({
    claim: 'range',
    where: `row ${row}`,
    what: `its digits stand for an integer, but it may wrap: nothing bounds ${name(wire)}`,
  }));
}

function walkGraph(
  system: ConstraintSystem,
  { graph, sym, sources, copies }: CheckedCircuit,
  boolean: Uint32Array,
  name: (wire: number) => string,
): Walk {
  const bounds: Bounds = computeBounds(graph);
  const layout = new TraceLayout(graph, bounds);
  const { inputWire } = inputCheckOf(graph).places;
  const inputWires = Array.from({ length: graph.input.count }, (_, i) => inputWire(i));
  const hints = WireHints.read({ sources, copies, inputWires }, sym, system.r1cs.nWires);
  return proveCorrespondence(system, { graph, bounds, layout, hints, name }, boolean);
}

function rangeSummary({ integerRows, fieldRows }: Intervals, walk: Walk | undefined): Soundness['range'] {
  const widest = {
    lo: walk?.lo.reduce((a, b) => Math.min(a, b), 0) ?? 0,
    hi: walk?.hi.reduce((a, b) => Math.max(a, b), 0) ?? 0,
  };
  return { integerRows, fieldRows, values: walk?.lo.length ?? 0, widest };
}
